import { on } from "node:events";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";

const chunkBytes = 1024 * 1024;

/** First bytes of a gzip file (RFC 1952). Its name may end in anything. */
const gzipMagic = Buffer.from([0x1f, 0x8b]);

/**
 * The bytes of a file, those of a gzip file uncompressed.
 * @throws an error of the file system, or of zlib where compressed data is cut off or damaged: after what comes before.
 */
export async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(gzipMagic.length), { position: 0 });
  const bytes = handle.createReadStream({ start: 0, highWaterMark: chunkBytes, autoClose: false });
  if (bytesRead < gzipMagic.length || !buffer.equals(gzipMagic)) {
    yield* bytes as AsyncIterable<Buffer>;
    return;
  }
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  bytes.once("error", (error) => gunzip.destroy(error));
  bytes.pipe(gunzip);
  try {
    // Unlike the stream's own iterator, this one hands over what came before an error.
    for await (const [chunk] of on(gunzip, "data", { close: ["end"], highWaterMark: 4 })) {
      yield chunk as Buffer;
    }
  } finally {
    bytes.destroy();
    gunzip.destroy();
  }
}
