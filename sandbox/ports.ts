import type { Server } from "node:net";
import { ServerCredentials, type Server as GrpcServer } from "@grpc/grpc-js";
import { Failure, messageOf } from "./failure.ts";

/** A port on 127.0.0.1 to listen on. Defaults to a free one. */
export interface PortWish {
  /** Explicitly requested port: only this one is used. */
  readonly given?: number | undefined;
  /** The option that sets the requested port, for error messages. */
  readonly option?: string;
  /** Port of the last start: reused if it is free, so that an exported environment stays valid. */
  readonly remembered?: number | undefined;
}

/**
 * Makes a server listen.
 * @returns the port.
 * @throws `Failure` if the requested port is taken.
 */
export function listen(server: Server, wish: PortWish = {}): Promise<number> {
  return onWishedPort(
    wish,
    (port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
          server.off("error", reject);
          const address = server.address();
          resolve(typeof address === "object" && address !== null ? address.port : port);
        });
      }),
  );
}

/** Makes a gRPC server listen, in the same way. */
export function listenForGrpc(server: GrpcServer, wish: PortWish = {}): Promise<number> {
  return onWishedPort(
    wish,
    (port) =>
      new Promise((resolve, reject) => {
        server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
          if (error === null) resolve(bound);
          else reject(error);
        });
      }),
  );
}

/** Tries to listen instead of checking the port first: another process could take it between a check and its use. */
async function onWishedPort(
  { given, option, remembered }: PortWish,
  tryPort: (port: number) => Promise<number>,
): Promise<number> {
  try {
    return await tryPort(given ?? remembered ?? 0);
  } catch (error) {
    // An error of grpc-js has no code.
    if (!messageOf(error).includes("EADDRINUSE")) throw error;
    if (given === undefined) return await tryPort(0);
    const name = option === undefined ? "" : ` (${option})`;
    throw new Failure(
      `Port ${given}${name} is in use on 127.0.0.1. Use another one, or omit the option to get a free one.`,
      { cause: error },
    );
  }
}
