import { createServer } from "node:net";
import { Failure } from "./failure.ts";

/** A port that a sandbox listens on. */
export interface PortWish {
  /** The option that sets it, for error messages. */
  readonly option: string;
  /** Explicitly requested port: only this one is used. */
  readonly given?: number | undefined;
  /** Port of the last start: reused if it is free, so that an exported environment stays valid. */
  readonly remembered?: number | undefined;
}

/**
 * Returns the port to listen on.
 * @throws `Failure` if the requested port is taken.
 */
export async function choosePort(wish: PortWish): Promise<number> {
  if (wish.given !== undefined) {
    if (await isFree(wish.given)) {
      return wish.given;
    }
    throw new Failure(
      `Port ${wish.given} (${wish.option}) is in use on 127.0.0.1. Give another one, or leave the option out to get a free one.`,
    );
  }
  if (wish.remembered !== undefined && (await isFree(wish.remembered))) {
    return wish.remembered;
  }
  return probe(0);
}

async function isFree(port: number): Promise<boolean> {
  try {
    await probe(port);
    return true;
  } catch {
    return false;
  }
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  });
}
