/**
 * A process that queries the evidence store as the CLI does, and reports the cost. The options come as JSON in its
 * argument.
 */
import { foldFolder } from "bastion-trail/audit/sessions/foldFolder";
import { createSessions } from "bastion-trail/audit/sessions/sessionRelation";
import { listFolder } from "bastion-trail/audit/sources/folder";
import { openEngine } from "bastion-trail/audit/store/engine";
import { createEvidence } from "bastion-trail/audit/store/evidence";
import { fileEvidence } from "bastion-trail/audit/store/readEvidence";
import type { FoldFigures, Question } from "./foldFigures.ts";

export interface FoldProcessOptions {
  readonly folder: string;
  /** Folder of the store. Files missing from it are stored and hashed first. */
  readonly cacheDir: string;
  readonly question: Question;
  /** The current time, ISO 8601. */
  readonly now: string;
  /** Limits the sessions to one person. Default: all sessions. */
  readonly user?: string;
  readonly memoryLimitMb: number;
}

const options = JSON.parse(process.argv[2] ?? "{}") as FoldProcessOptions;
const { folder, cacheDir, question, user, memoryLimitMb } = options;
const now = new Date(options.now);
const { files } = await listFolder(folder);
const store = { cacheDir, of: folder };
const filter = user === undefined ? {} : { user };
const begin = performance.now();
const { sessions, records } = question === "folded" ? await folded() : await handedOver();
const figures: FoldFigures = { milliseconds: performance.now() - begin, sessions, records };
process.stdout.write(JSON.stringify(figures));

async function folded(): Promise<{ sessions: number; records: number }> {
  const engine = await openEngine(memoryLimitMb);
  try {
    const { segments } = await fileEvidence(engine, { files, now, store });
    await createEvidence(engine, segments);
    await createSessions(engine, { segments, filter, now });
    await engine.run(
      `CREATE TABLE answer AS SELECT "tunnelId", start, "end", person, vm, message, records FROM sessions`,
    );
    const [[count = 0] = []] = await engine.rows("SELECT count(*) FROM answer");
    return { sessions: Number(count), records: segments.reduce((sum, segment) => sum + segment.records, 0) };
  } finally {
    engine.close();
  }
}

async function handedOver(): Promise<{ sessions: number; records: number }> {
  const result = await foldFolder({ files, filter, now, memoryLimitMb, store });
  let count = 0;
  for await (const session of result.sessions) {
    count += session.records > 0 ? 1 : 0;
  }
  return { sessions: count, records: result.coverage.recordsRead };
}
