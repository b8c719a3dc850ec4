/** A process that reads and folds log files as the CLI does, and tells what it took. The options come as JSON in its argument. */
import { foldFolder } from "bastion-trail/audit/sessions/foldFolder";
import { listFolder } from "bastion-trail/audit/sources/folder";
import type { FoldFigures } from "./foldFigures.ts";

const { folder, now, user, memoryLimitMb } = JSON.parse(process.argv[2] ?? "{}") as {
  folder: string;
  now: string;
  /** Show the sessions of one person; without it, all of them. */
  user?: string;
  memoryLimitMb: number;
};
const { files } = await listFolder(folder);
const begin = performance.now();
const filter = user === undefined ? {} : { user };
const { sessions, unreadable, coverage } = await foldFolder({ files, filter, now: new Date(now), memoryLimitMb });
const folded = performance.now() - begin;
let shown = 0;
for await (const session of sessions) {
  shown += session.records > 0 ? 1 : 0;
}
const figures: FoldFigures = {
  folded,
  shown: performance.now() - begin,
  sessions: shown,
  records: coverage.recordsRead,
  unreadable: unreadable.length,
  peakMemory: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(JSON.stringify(figures));
