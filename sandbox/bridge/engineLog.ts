import * as grpc from "@grpc/grpc-js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";

/** Shows a warning at a resource in the engine's display. It is not an error if the engine has ended. */
export function warnEngine(address: string, urn: string, message: string): void {
  const client = new engineServices.EngineClient(address, grpc.credentials.createInsecure());
  const request = new engineMessages.LogRequest();
  request.setSeverity(engineMessages.LogSeverity.WARNING);
  request.setMessage(message);
  request.setUrn(urn);
  client.log(request, () => {
    client.close();
  });
}
