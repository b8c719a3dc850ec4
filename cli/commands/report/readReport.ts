/** Reads what a report shows: the trail of a time range, and the records behind it. */
import { defaultSource } from "../../sources/sourceFlags.ts";
import type { AcceptedSession } from "../../acceptedFindings.ts";
import type { TrailRests } from "../../audit/trail/auditCoverage.ts";
import { SessionFlows } from "../../audit/trail/sessionFlows.ts";
import type { Trail, TrailOptions } from "../../audit/trail/trail.ts";
import type { TrailRow } from "../../audit/trail/types.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import { pageFile } from "../../report/pageFile.ts";
import { SpooledList, type Spool } from "../../files/spool.ts";
import { withAcceptance } from "../trail/filter.ts";
import { openTrail } from "../trail/runTrail.ts";
import { aboutPage, pageInput } from "./pageInput.ts";
import { readRawRecords, type RecordsAsked } from "./readRawRecords.ts";

export interface ReportAsked extends RecordsAsked {
  readonly accepted: readonly AcceptedSession[];
  /** Gets the accepted entries that match a session. */
  readonly used?: Set<AcceptedSession>;
  /** How far clocks may differ, in milliseconds. */
  readonly skewMs: number;
}

export interface ReportRead {
  readonly rows: SpooledList<TrailRow>;
  readonly trail: Trail;
  readonly rests: TrailRests;
  readonly settings: TrailOptions;
  /** The page as text, in pieces. */
  readonly page: ReturnType<typeof pageFile>;
}

/** @param spool receives the sessions and the records. */
export async function readReport(spool: Spool, asked: ReportAsked, io: Io, progress: Progress): Promise<ReportRead> {
  const { source, range, flags, accepted, used, skewMs } = asked;
  const read = await source.read(range, undefined, progress);
  const settings = { ...range, skewMs, now: io.now() };
  const trail = openTrail(read, settings);
  const rows = new SpooledList<TrailRow>(spool);
  const rulesOfRows: (string | null)[] = [];
  for await (const { row, rule } of trail.sessions()) {
    io.signal.throwIfAborted();
    rows.add(withAcceptance(row, accepted, used));
    rulesOfRows.push(rule?.id ?? null);
  }
  const sessions = new SessionFlows(rows, read.surroundings.hosts, skewMs);
  const records = await readRawRecords(spool, asked, sessions, io, progress);
  const firsts = [rows.at(0)?.start, trail.grants()[0]?.from];
  const about = aboutPage({ range, source: flags.source ?? defaultSource, firsts }, io);
  const { rests } = read;
  return {
    rows,
    trail,
    rests,
    settings,
    page: pageFile(pageInput({ rows, rulesOfRows, records, trail, rests, settings, about })),
  };
}
