import type { SourceEvent } from "../../audit/activity/types.ts";
import type { RecordedFlow } from "../../audit/flows/recordedFlows.ts";
import type { SourceRecord } from "../../audit/records/types.ts";
import type { SessionFlows } from "../../audit/trail/sessionFlows.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import type { TimeRange } from "../../timeRange.ts";
import { openSource, type SourceFlags } from "../logs/sources.ts";
import type { TrailSource } from "../trail/sources.ts";
import { withEarlierSessions } from "../trail/timeRanges.ts";
import { RawRecords } from "./rawRecords.ts";

/** Sees all records while they are read, and hands them on. */
export interface RecordTap {
  readonly audit: (records: AsyncIterable<SourceRecord>) => AsyncIterable<SourceRecord>;
  readonly activity: (events: AsyncIterable<SourceEvent>) => AsyncIterable<SourceEvent>;
  readonly flows: (flows: AsyncIterable<RecordedFlow>) => AsyncIterable<RecordedFlow>;
}

const noTap: RecordTap = { audit: (records) => records, activity: (events) => events, flows: (flows) => flows };

/**
 * The records that the trail of a range rests on, as the logs have them. They are read again: the trail keeps facts, not records.
 * @param sessions those of the trail: of the flow log, only their flows are read.
 */
export async function readRawRecords(
  source: TrailSource,
  range: TimeRange,
  sessions: SessionFlows,
  flags: SourceFlags,
  io: Io,
  progress: Progress,
  tap: RecordTap = noTap,
): Promise<RawRecords> {
  progress.update("Reading the records");
  const { records, scope } = await openSource(flags, io);
  const { from, to } = withEarlierSessions(range);
  const raw = new RawRecords();
  // A source ends the line when the first record comes, for who shows records; here more is to do.
  const going = { ...progress, end: () => undefined };
  await raw.addAudit(tap.audit(records({ ...scope, ...(from && { from }), ...(to && { to }) }, going)));
  const { activity, flows } = source.evidence(range);
  await raw.addActivity(tap.activity(activity()));
  await raw.addFlows(tap.flows(flows((flow) => sessions.of(flow).length > 0)), sessions);
  return raw;
}
