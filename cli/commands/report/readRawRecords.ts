import type { SourceEvent } from "../../audit/activity/types.ts";
import type { RecordedFlow } from "../../audit/flows/recordedFlows.ts";
import type { SourceRecord } from "../../audit/records/types.ts";
import type { SessionFlows } from "../../audit/trail/sessionFlows.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import type { Spool } from "../../files/spool.ts";
import type { TimeRange } from "../../timeRange.ts";
import { openAuditSource } from "../../sources/auditSource.ts";
import type { SourceFlags } from "../../sources/sourceFlags.ts";
import type { TrailSource } from "../../sources/trailSource.ts";
import { withEarlierSessions } from "../../sources/trailRanges.ts";
import { RawRecords } from "./rawRecords.ts";

/** Sees all records while they are read, and passes them on. */
export interface RecordTap {
  readonly audit: (records: AsyncIterable<SourceRecord>) => AsyncIterable<SourceRecord>;
  readonly activity: (events: AsyncIterable<SourceEvent>) => AsyncIterable<SourceEvent>;
  readonly flows: (flows: AsyncIterable<RecordedFlow>) => AsyncIterable<RecordedFlow>;
}

const noTap: RecordTap = { audit: (records) => records, activity: (events) => events, flows: (flows) => flows };

export interface RecordsAsked {
  readonly source: TrailSource;
  readonly range: TimeRange;
  readonly flags: SourceFlags;
  /** Default: nobody sees the records. */
  readonly tap?: RecordTap | undefined;
}

/**
 * Reads the records behind the trail of a range, verbatim. They are read a second time, because the trail keeps facts
 * instead of records.
 * @param spool receives the records.
 * @param sessions sessions of the trail. Only their flows are read from the flow log.
 */
export async function readRawRecords(
  spool: Spool,
  { source, range, flags, tap = noTap }: RecordsAsked,
  sessions: SessionFlows,
  io: Io,
  progress: Progress,
): Promise<RawRecords> {
  progress.update("Reading the records");
  const { records, scope } = await openAuditSource(flags, io);
  const { from, to } = withEarlierSessions(range);
  const raw = new RawRecords(spool);
  // A source ends the progress line at the first record, for commands that show records. Here more steps follow.
  const going = { ...progress, end: () => undefined };
  await raw.addAudit(tap.audit(records({ ...scope, ...(from && { from }), ...(to && { to }) }, going)));
  const { activity, flows } = source.evidence(range);
  await raw.addActivity(tap.activity(activity()));
  await raw.addFlows(tap.flows(flows(sessions)), sessions);
  return raw;
}
