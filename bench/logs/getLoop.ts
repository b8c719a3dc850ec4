/** A process that reads blobs in a bare loop and keeps nothing. The options come as JSON in its argument. */
import { Agent, get } from "node:https";
import { hourlyBlobName } from "@bastion-trail/core/links/archivePath";

export interface GetLoopOptions {
  /** URL of the container, with a shared access signature. */
  readonly url: string;
  /** The CA certificate of the server's certificate, as PEM. */
  readonly ca: string;
  readonly resourceId: string;
  /** Start of the first hour, in milliseconds since the Unix epoch. */
  readonly first: number;
  /** Number of consecutive hours, each with a blob. */
  readonly hours: number;
  /** Number of concurrent requests. */
  readonly concurrency: number;
}

export interface GetLoopFigures {
  readonly milliseconds: number;
  readonly bytes: number;
}

const hourMs = 3_600_000;
const { url, ca, resourceId, first, hours, concurrency } = JSON.parse(process.argv[2] ?? "{}") as GetLoopOptions;
const container = new URL(url);
const agent = new Agent({ keepAlive: true, maxSockets: concurrency, ca });

const begin = performance.now();
const waiting = Array.from({ length: hours }, (_, hour) => new Date(first + hour * hourMs)).values();
const read = await Promise.all(
  Array.from({ length: concurrency }, async () => {
    let bytes = 0;
    for (const hour of waiting) bytes += await sizeOf(hourlyBlobName(resourceId, hour));
    return bytes;
  }),
);
agent.destroy();
const figures: GetLoopFigures = {
  milliseconds: performance.now() - begin,
  bytes: read.reduce((sum, bytes) => sum + bytes, 0),
};
process.stdout.write(JSON.stringify(figures));

function sizeOf(blob: string): Promise<number> {
  const blobUrl = new URL(container);
  blobUrl.pathname = `${container.pathname}/${blob}`;
  return new Promise((resolve, reject) => {
    get(blobUrl, { agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${blob} was answered with ${answer.statusCode ?? "nothing"}.`));
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => (bytes += chunk.length));
      answer.on("error", reject).on("end", () => {
        resolve(bytes);
      });
    }).on("error", reject);
  });
}
