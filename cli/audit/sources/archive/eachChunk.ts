import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";

/**
 * Passes the chunks of a stream to `use`, one after the other, and returns after the last one. A small blob has a dozen chunks;
 * iterating over the stream takes several promises for each, a sixth of a request's time.
 * @param use returns a promise only if it needs one. The stream waits for it.
 * @throws the stream's error or that of `use`, after the last use has ended.
 */
export async function eachChunk(stream: Readable, use: (chunk: Buffer) => Promise<void> | void): Promise<void> {
  let pending = Promise.resolve();
  const fail = (error: unknown): void => {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  stream.on("data", (chunk: Buffer) => {
    try {
      const used = use(chunk);
      if (used === undefined) return;
      pending = used;
      stream.pause();
      pending.then(() => stream.resume(), fail);
    } catch (error) {
      fail(error);
    }
  });
  try {
    await finished(stream);
  } finally {
    await pending;
  }
}
