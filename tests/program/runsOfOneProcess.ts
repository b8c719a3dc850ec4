/**
 * Two runs in one process, whose engines have the same port: the first engine is gone, the second is there.
 * Prints the gRPC status with which the first call of each run ends.
 */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { Server, ServerCredentials, status, type ServiceError } from "@grpc/grpc-js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import { failOnLostCalls } from "../../program/lostCalls.ts";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function firstCallOfRun(address: string): Promise<string> {
  settings.resetOptions("project", "stack", -1, address, address, false, "");
  const monitor = settings.getMonitor() as unknown as {
    getDeploymentInfo(request: unknown, callback: (error: ServiceError | null) => void): void;
  };
  return new Promise((resolve) => {
    monitor.getDeploymentInfo(new emptyMessages.Empty(), (error) => {
      resolve(status[error?.code ?? status.OK]);
    });
  });
}

failOnLostCalls();
const port = await freePort();
const address = `127.0.0.1:${port}`;
const gone = await firstCallOfRun(address);
const engine = new Server();
await new Promise((resolve) => {
  engine.bindAsync(address, ServerCredentials.createInsecure(), resolve);
});
console.log(gone, await firstCallOfRun(address));
engine.forceShutdown();
