/** A first sync of a year, compared with only the requests that it requires. */
import { join } from "node:path";
import { usualConcurrency } from "bastion-trail/audit/sources/archive/syncArchive";
import { inRounds, measureProcess } from "../runProcess.ts";
import { median } from "../statistics.ts";
import type { ArchiveServer } from "./archiveServer.ts";
import type { GetLoopFigures, GetLoopOptions } from "./getLoop.ts";
import type { SyncFigures } from "./syncProcess.ts";

const hourMs = 3_600_000;
const rounds = 3;

interface Year {
  readonly blobs: number;
  readonly peakMemory: number;
  /** Milliseconds of each round. */
  readonly synced: readonly number[];
  readonly looped: readonly number[];
}

interface Hours {
  /** Resource that the blobs belong to. */
  readonly host: string;
  /** Milliseconds since the Unix epoch. */
  readonly first: number;
  readonly last: number;
}

/** @param sync syncs into an empty cache of the given name. */
export async function compareYear(
  server: ArchiveServer,
  { host, first, last }: Hours,
  sync: (cache: string) => Promise<SyncFigures>,
): Promise<Year> {
  const hours = (last - first) / hourMs + 1;
  const loop: GetLoopOptions = {
    url: server.containerUrl,
    ca: server.ca,
    resourceId: host,
    first,
    hours,
    concurrency: usualConcurrency,
  };
  let caches = 0;
  const { synced, looped } = await inRounds<"synced" | "looped", SyncFigures | GetLoopFigures>(
    {
      synced: () => sync(`year${(caches += 1)}`),
      looped: () => measureProcess(join(import.meta.dirname, "getLoop.ts"), loop) as Promise<GetLoopFigures>,
    },
    { rounds, warmUp: false, onRun: () => undefined },
  );
  const syncs = synced as SyncFigures[];
  const other = [...syncs, ...looped].find(({ bytes }) => bytes !== looped[0]?.bytes);
  if (other !== undefined) throw new Error(`${other.bytes} bytes were read in one round, and others in another.`);
  return {
    blobs: hours,
    peakMemory: median(syncs.map(({ peakMemory }) => peakMemory)),
    synced: syncs.map(({ milliseconds }) => milliseconds),
    looped: looped.map(({ milliseconds }) => milliseconds),
  };
}
