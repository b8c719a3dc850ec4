/** A process that syncs an archive, for tests that kill it: the options come as JSON in its first argument. */
import { syncArchive, type SyncOptions } from "../../../../../cli/audit/sources/archive/syncArchive.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as SyncOptions & { from: string; to: string };
await syncArchive({ ...options, from: new Date(options.from), to: new Date(options.to) });
