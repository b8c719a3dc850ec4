/** A process that syncs an archive as the CLI does, and reports the cost. The options come as JSON in its argument. */
import { syncArchive, type SyncOptions } from "bastion-trail/audit/sources/archive/syncArchive";

export interface SyncFigures {
  readonly hours: number;
  readonly bytes: number;
  readonly bytesFetched: number;
  /** Largest resident set, in bytes. */
  readonly peakMemory: number;
  readonly milliseconds: number;
}

const { from, to, ...options } = JSON.parse(process.argv[2] ?? "{}") as Omit<SyncOptions, "from" | "to"> & {
  from: string;
  to: string;
};
const begin = performance.now();
const { hours, bytes, bytesFetched } = await syncArchive({ ...options, from: new Date(from), to: new Date(to) });
const figures: SyncFigures = {
  hours,
  bytes,
  bytesFetched,
  peakMemory: process.resourceUsage().maxRSS * 1024,
  milliseconds: performance.now() - begin,
};
process.stdout.write(JSON.stringify(figures));
