/** `trail show`: shows one session with every record behind it. */
import type { ActivityEvent } from "../../audit/activity/types.ts";
import type { AuditRecord } from "../../audit/fields.ts";
import { flowsIn } from "../../audit/flows/flowsIn.ts";
import type { RawEntry } from "../../audit/records/types.ts";
import { correlationsOf, ruleResource } from "../../audit/trail/eventsBehind.ts";
import type { SessionFlows } from "../../audit/trail/sessionFlows.ts";
import type { TrailSession } from "../../audit/trail/trail.ts";
import type { FlowRow, TrailRow } from "../../audit/trail/types.ts";
import { acceptanceText } from "../../acceptedFindings.ts";
import { UserError } from "../../errors.ts";
import { callerId } from "../../names/activityCaller.ts";
import { ambiguousId } from "../../names/idPrefix.ts";
import { write, type Io } from "../../io.ts";
import { report } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { formatDuration, formatTime, type TimeStyle } from "../../time.ts";
import type { EvidenceReader } from "../../sources/trailSource.ts";
import { isSession } from "./filter.ts";

interface EvidenceOf<Log, Record> {
  readonly log: Log;
  readonly time: string;
  /** The parsed record. */
  readonly record: Record;
  /** Its source entries, verbatim. A connection has the records with its tuples. */
  readonly raw: readonly RawEntry[];
}

/** The evidence of a session: an audit record, an activity log event or a connection. */
export type Evidence =
  EvidenceOf<"audit", AuditRecord> | EvidenceOf<"activity", ActivityEvent> | EvidenceOf<"flows", FlowRow>;

/**
 * Finds one session.
 * @param typed its id or its tunnel's, a prefix of one, or `latest`.
 * @throws `UserError` if there is none, or several match.
 */
export async function sessionMeant(sessions: AsyncIterable<TrailSession>, typed: string): Promise<TrailSession> {
  const found: TrailSession[] = [];
  for await (const session of sessions) {
    if (typed === "latest") found[0] = session;
    else if (isSession(session.row, typed)) found.push(session);
  }
  const exact = found.filter(({ row }) => [row.id, row.tunnelId?.toLowerCase()].includes(typed.toLowerCase()));
  const [one, ...others] = exact.length > 0 ? exact : found;
  if (one === undefined) {
    const what = typed === "latest" ? "No session" : `No session '${typed}'`;
    throw new UserError(`${what} in this time range.`, "Pass --since or --from for an earlier one.");
  }
  if (others.length > 0) {
    throw ambiguousId(
      typed,
      found.map(({ row }) => row.id),
      "session ids",
    );
  }
  return one;
}

/**
 * Collects the evidence of a session, in order of time.
 * @param flows determines which flows may belong to the session.
 */
export async function evidenceOf(
  session: TrailSession,
  reader: EvidenceReader,
  flows: SessionFlows,
): Promise<Evidence[]> {
  const found: Evidence[] = [];
  for await (const { record, raw } of reader.audit(session.row)) {
    found.push({ log: "audit", time: record.time, record, raw: [raw] });
  }
  const isBehind = behind(session);
  for await (const source of reader.activity()) {
    if ("event" in source && isBehind(source.event)) {
      found.push({ log: "activity", time: source.event.time, record: source.event, raw: [source.raw] });
    }
  }
  for await (const { flow, records } of reader.flows(flows)) {
    found.push({ log: "flows", time: new Date(flow.start).toISOString(), record: flow, raw: records });
  }
  // Removes duplicates, keeping the first place.
  const distinct = new Map(found.toReversed().map((one) => [JSON.stringify([one.log, one.record]), one]));
  return [...distinct.values()]
    .toReversed()
    .sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
}

/** Selects the events of the session's request, of its rule, and of all other candidates. */
function behind({ row, rule, candidates }: TrailSession) {
  const requests = [row.request, ...row.candidates.map(({ request }) => request)];
  const rules = rule === null ? candidates : [rule, ...candidates];
  const ids = new Set([...requests, ...rules].flatMap((one) => one?.correlationId?.toLowerCase() ?? []));
  const resources = new Set(rules.map(ruleResource));
  return (event: ActivityEvent): boolean =>
    correlationsOf(event).some((id) => ids.has(id)) || resources.has(event.resource?.toLowerCase() ?? "");
}

const columns: readonly Column<Evidence>[] = [
  { key: "time", type: "time", value: ({ time }) => time },
  { key: "log", value: ({ log }) => log },
  { key: "who", value: whoIn },
  { key: "what", type: "prose", value: whatIn },
];

/** Only in CSV, because blob names are wider than any table. */
const csvColumns: readonly Column<Evidence>[] = [
  ...columns,
  { key: "places", value: ({ raw }) => [...new Set(raw.map(placeOf))].join("; ") },
];

function whoIn(one: Evidence): string | null {
  switch (one.log) {
    case "audit":
      return one.record.person;
    case "activity":
      return one.record.callerName ?? callerId(one.record);
    case "flows":
      return one.record.sourceIp;
  }
}

function whatIn(one: Evidence): string | null {
  switch (one.log) {
    case "audit":
      return one.record.message;
    case "activity":
      return `${one.record.operation} ${one.record.status ?? ""}`;
    case "flows": {
      const { port, state, rule } = one.record;
      return `port ${port} ${state === "D" ? "refused" : "admitted"} by ${rule ?? "an unknown rule"}`;
    }
  }
}

export async function showSession(
  io: Io,
  options: Parameters<typeof report>[1],
  row: TrailRow,
  records: readonly Evidence[],
): Promise<void> {
  if (!options.json && !options.csv) {
    const lines = factsOf(row, options).map(([name, value]) => `${`${name}:`.padEnd(13)}${visible(value)}\n`);
    await write(io.stdout, `${lines.join("")}\n`);
  }
  await report(io, options, {
    rows: records,
    columns: options.csv ? csvColumns : columns,
    json: { session: () => row, records },
    empty: "No records.",
  });
  if (!options.json && !options.csv) await write(io.stdout, flowLog(records));
}

function placeOf({ file, line }: RawEntry): string {
  return `${file}:${line}`;
}

/** The tuples of the flow log, or rows of `NTANetAnalytics`, below the record or table that contains them. */
function flowLog(records: readonly Evidence[]): string {
  const entries = records.filter(({ log }) => log === "flows").flatMap(({ raw }) => raw);
  const lines = [...Map.groupBy(entries, placeOf)].flatMap(([place, inPlace]) => [
    `  ${visible(place)}`,
    ...inPlace.flatMap(tuplesIn).map((text) => `    ${visible(text)}`),
  ]);
  return lines.length === 0 ? "" : ["", "Flow log:", ...lines, ""].join("\n");
}

function tuplesIn({ value }: RawEntry): string[] {
  const found = flowsIn(value);
  return "tuples" in found && found.tuples.length > 0 ? found.tuples.map(({ text }) => text) : [JSON.stringify(value)];
}

function factsOf(row: TrailRow, style: TimeStyle): (readonly [string, string])[] {
  const { request, rule, candidates } = row;
  const duration = row.durationSeconds === null ? "" : ` for ${formatDuration(row.durationSeconds)}`;
  const named = candidates.map((one) => one.request?.id ?? one.rule?.name ?? "").join(", ");
  return [
    ["Session", `${row.id} (tunnel ${row.tunnelId ?? "unknown"})`],
    ["Verdict", `${row.verdict}: ${row.because}`],
    ["Link", row.link],
    ["Person", row.person ?? "unknown"],
    ["Account", row.account ?? "unknown"],
    ["VM", `${row.vmName ?? "unknown"}:${row.port ?? "?"} (${row.vmIp ?? "unknown address"})`],
    ["From", row.clientIp ?? "unknown"],
    ["Start", `${formatTime(row.start, style)}${duration}, ${row.state}, ${row.outcome}`],
    ...(request === null
      ? []
      : ([
          ["Request", `${request.id} by ${request.by ?? "unknown"} at ${formatTime(request.at, style)}`],
          ["Until", `${formatTime(request.until, style)}${request.endedBy === null ? "" : ` (${request.endedBy})`}`],
          ["Reason", request.reason ?? "none"],
          ["Correlation", request.correlationId ?? "unknown"],
        ] as const)),
    ...(rule === null
      ? []
      : ([
          ["Rule", `${rule.name} (priority ${rule.priority ?? "unknown"}) by ${rule.author ?? "unknown"}`],
          // A rule that is known from a flow only.
          [
            "Opens",
            rule.ports.length === 0
              ? "not in the activity log"
              : `${rule.ports.join(", ")} from ${rule.sources.join(", ")}`,
          ],
        ] as const)),
    ...(row.flags.length === 0 ? [] : ([["Flags", row.flags.join(", ")]] as const)),
    ...(named === "" ? [] : ([["Candidates", named]] as const)),
    ...(row.accepted === null ? [] : ([["Accepted", acceptanceText(row.accepted, style)]] as const)),
  ];
}
