import * as grpc from "@grpc/grpc-js";
import anyMessages from "google-protobuf/google/protobuf/any_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { InitFailedError, toStruct } from "./protocol.ts";

/**
 * Converts an error to a gRPC status. For a resource that was created but not completed, it includes the id and state
 * as `ErrorResourceInitFailed`, so that the engine keeps the resource and updates it at the next `up` instead of losing
 * it.
 */
export function grpcError(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof InitFailedError)) return { code: grpc.status.UNKNOWN, details: message };

  const detail = new providerMessages.ErrorResourceInitFailed();
  detail.setId(error.id);
  if (error.state !== undefined) detail.setProperties(toStruct(error.state));
  detail.setInputs(toStruct(error.inputs));
  detail.setReasonsList([message]);

  const packed = new anyMessages.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusMessages.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(packed);

  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
