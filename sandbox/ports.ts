import { createServer } from "node:net";
import { Failure } from "./failure.ts";

/** A port that a sandbox listens on. */
export interface PortWish {
  /** The option that asks for it, for the error message. */
  readonly option: string;
  /** Asked for explicitly: that one or none. */
  readonly given?: number | undefined;
  /** Used the last time: taken again when it is free, so that an environment written earlier stays valid. */
  readonly remembered?: number | undefined;
}

/**
 * The port to listen on.
 * @throws `Failure` when the port that was asked for is taken.
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
