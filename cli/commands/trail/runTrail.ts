/** `trail`. */
import { readAccepted, tellExpired, tellUnused, type AcceptedSession } from "../../acceptedFindings.ts";
import type { TrailRests } from "../../audit/trail/auditCoverage.ts";
import { SessionFlows } from "../../audit/trail/sessionFlows.ts";
import { accessRows, Trail, type TrailOptions, type TrailSession } from "../../audit/trail/trail.ts";
import type { TrailCoverage, TrailDocument, TrailRow, Verdict } from "../../audit/trail/types.ts";
import { onCloudTime } from "../../sources/cloudTime.ts";
import type { Handler } from "../../command.ts";
import { counted } from "../../counted.ts";
import { exitCodeOfRead, exitCodes, together, UserError, type ExitCode } from "../../errors.ts";
import { note, write, type Io } from "../../io.ts";
import { withProgress } from "../../progress.ts";
import { formatOf, report } from "../../reporters/report.ts";
import type { JsonMember, Rows } from "../../reporters/rows.ts";
import { defaultSource, requireSource } from "../../sources/sourceFlags.ts";
import { suggestPerson } from "../../names/person.ts";
import { suggestVm } from "../../names/vmName.ts";
import { dayMs } from "../../time.ts";
import { checkRange, rangeFrom, type TimeRange } from "../../timeRange.ts";
import { tellLogs, tellUnreadable } from "../../sources/tellRead.ts";
import { csvColumns, trailColumns } from "./columns.ts";
import { grantTest, ruleTest, sessionTest, withAcceptance, type TrailFilter } from "./filter.ts";
import type { trailOptions } from "./options.ts";
import { evidenceOf, sessionMeant, showSession } from "./showSession.ts";
import { openTrailSource, type TrailRead, type TrailSource } from "../../sources/trailSource.ts";
import { searchedRange } from "../../sources/trailRanges.ts";
import { printedQuery } from "../../sources/trailInWorkspace.ts";

type TrailHandler = Handler<typeof trailOptions>;
type Options = Parameters<TrailHandler>[0];

/** How far back `trail show` looks for a session, in milliseconds. */
const showSinceMs = 7 * dayMs;

export const runTrail: TrailHandler = async (options, localIo) => {
  const [asked, accepted] = together(
    () => sessionToShow(options),
    () => readAccepted("trail", options.accept, localIo),
    () => {
      checkTime(options);
    },
    () => {
      if (options.kql) refuseForQuery(options);
      else formatOf(options);
    },
    () => {
      requireSource(options, options.source ?? defaultSource);
    },
  );
  const io = await onCloudTime(localIo);
  const source = await openTrailSource(options, io);
  const range = rangeOf(
    options,
    io.now(),
    asked === undefined ? source.defaultSince : source.defaultSince && showSinceMs,
  );
  if (options.kql) return printQuery(options, source, range, io);
  const searched = searchedRange(range, options.at);
  const read = await withProgress(io, "Reading", (progress) => source.read(searched, options.vm, progress));
  const settings = { ...range, at: options.at, skewMs: options.skew, now: io.now() };
  const trail = openTrail(read, settings);
  if (asked !== undefined) {
    const session = await sessionMeant(wanted(trail, options, accepted.entries), asked);
    const flows = new SessionFlows([session.row], read.surroundings.hosts, settings.skewMs);
    await showSession(io, options, session.row, await evidenceOf(session, source.evidence(searched), flows));
    const { unreadable, unread } = read.rests;
    await tellUnreadable(io, unreadable, unread);
    await tellExpired(io, options.accept, accepted);
    return exitCodeOfRead(unread, options.strict);
  }
  const tally = new Map<Verdict, number>();
  const people = new Set<string>();
  const used = new Set<AcceptedSession>();
  const rows = counting(wanted(trail, options, accepted.entries, { people, used }), tally);
  const shown = await report(io, options, {
    rows,
    columns: options.csv ? csvColumns : trailColumns,
    json: trailDocument(rows, trail, read.rests, settings, options),
    empty: "No sessions.",
  });
  const rests = read.rests;
  await tellUnreadable(io, rests.unreadable, rests.unread);
  await tellExpired(io, options.accept, accepted);
  if (!isFiltered(options)) await tellUnused(io, "No session of the time range", options.accept, accepted, used);
  if (shown === 0 && options.vm !== undefined) await suggestVm(io, options.vm, await source.vms());
  if (shown === 0 && options.user !== undefined) await suggestPerson(io, options.user, [...people]);
  if (!options.json) await tell(io, shown, trail, rests, options);
  return exitCode(options, tally, rests);
};

/**
 * The members of the JSON document. @param rows all sessions that match; the other members are complete once they were
 * read.
 */
export function trailDocument(
  rows: Rows<TrailRow>,
  trail: Trail,
  rests: TrailRests,
  settings: TrailOptions,
  filter: TrailFilter,
): Readonly<Record<keyof TrailDocument, JsonMember>> {
  return {
    trail: rows,
    unusedGrants: () => trail.unusedGrants().filter(grantTest(filter)),
    grants: () => trail.grants().filter(grantTest(filter)),
    rules: () => trail.rules().filter(ruleTest(filter)),
    unreadable: () => rests.unreadable,
    coverage: () => coverageOf(rests, settings),
  };
}

/**
 * Returns what `trail show` is given as the session; `undefined` for `trail`.
 * @throws `UserError` if that is nothing, or for the options that are for a list of sessions.
 */
function sessionToShow({ operands: [action, typed], ndjson, markdown, kql, failOn }: Options): string | undefined {
  if (action !== "show") return undefined;
  if (typed === undefined) throw new UserError("No session given.", "Pass its id, or the word latest.");
  refuse(
    "trail show",
    { "--ndjson": ndjson, "--markdown": markdown, "--kql": kql, "--fail-on": failOn },
    "Use --json or --csv for one session.",
  );
  return typed;
}

/** Refuses the options that are for rows: Log Analytics shows them. */
function refuseForQuery({ user, vm, request, session, verdict, link, failOn, accept, ...options }: Options): void {
  if (options.source !== "workspace") {
    throw new UserError("--kql is for the workspace.", "Add --source workspace, or leave --kql out.");
  }
  const { json, ndjson, csv, markdown, local } = options;
  const filters = { "--user": user, "--vm": vm, "--request": request, "--session": session };
  const judged = { "--verdict": verdict, "--link": link, "--fail-on": failOn, "--accept": accept };
  const forms = { "--json": json, "--ndjson": ndjson, "--csv": csv, "--markdown": markdown, "--local": local };
  refuse("--kql", { ...filters, ...judged, ...forms }, "Leave it out, and filter the rows in Log Analytics.");
}

/** @throws `UserError` if any of the options is given. */
function refuse(what: string, given: Readonly<Record<string, unknown>>, nextStep: string): void {
  const flags = Object.entries(given).flatMap(([flag, value]) =>
    value === undefined || value === false ? [] : [flag],
  );
  if (flags.length > 0) throw new UserError(`${what} does not accept ${flags.join(" and ")}.`, nextStep);
}

/** Prints the query that joins the trail in the workspace. Its text contains only requests and rules. */
async function printQuery(options: Options, source: TrailSource, range: TimeRange, io: Io): Promise<ExitCode> {
  const searched = searchedRange(range, options.at);
  const read = await withProgress(io, "Reading", (progress) => source.readAccess(searched, progress));
  const { rows } = accessRows(read, io.now());
  const query = printedQuery({ range, at: options.at, bastion: source.scope }, rows, options.skew, io.now());
  await write(io.stdout, query);
  await tellUnreadable(io, read.access.unreadable, read.access.unread);
  return exitCodeOfRead(read.access.unread, options.strict);
}

/** Joins what was read from the sources. */
export function openTrail(read: TrailRead, options: TrailOptions): Trail {
  const { grants, rows } = accessRows(read, options.now);
  return new Trail(read.join(rows, options.skewMs), grants, read.access, options);
}

/** @throws `UserError` for an impossible time range, and for one beside --at. */
function checkTime({ at, since, from, to }: Options): void {
  if (at !== undefined && [since, from, to].some((one) => one !== undefined)) {
    throw new UserError("--at cannot be combined with --since, --from or --to.", "Use a moment or a time range.");
  }
  checkRange({ since, from, to });
}

/** Options as `checkTime` accepts them. */
function rangeOf({ at, ...flags }: Options, now: Date, defaultSince: number | undefined): TimeRange {
  return at === undefined ? rangeFrom(flags, now, defaultSince) : { from: at, to: new Date(at.getTime() + 1) };
}

/** Whether not all sessions of the time range are shown. */
function isFiltered({ user, vm, request, session, verdict, link }: TrailFilter): boolean {
  return [user, vm, request, session, verdict, link].some((one) => one !== undefined);
}

interface Seen {
  /** The person of each session of the trail, wanted or not. */
  readonly people?: Set<string>;
  /** The entries that match a session that is wanted. */
  readonly used?: Set<AcceptedSession>;
}

async function* wanted(
  trail: Trail,
  options: Options,
  accepted: readonly AcceptedSession[],
  { people, used }: Seen = {},
): AsyncGenerator<TrailSession> {
  const isWanted = sessionTest(options);
  for await (const session of trail.sessions()) {
    if (session.row.person !== null) people?.add(session.row.person);
    if (isWanted(session.row)) yield { ...session, row: withAcceptance(session.row, accepted, used) };
  }
}

/** Counts the verdicts of sessions that are not accepted. */
async function* counting(sessions: AsyncIterable<TrailSession>, tally: Map<Verdict, number>): AsyncGenerator<TrailRow> {
  for await (const { row } of sessions) {
    if (row.accepted === null) tally.set(row.verdict, (tally.get(row.verdict) ?? 0) + 1);
    yield row;
  }
}

export function coverageOf({ logs }: TrailRests, { from, to, skewMs }: TrailOptions): TrailCoverage {
  return { from: from?.toISOString() ?? null, to: to?.toISOString() ?? null, skewSeconds: skewMs / 1000, logs };
}

/** Writes one line on unused grants and rules, and one on the logs. */
async function tell(io: Io, shown: number, trail: Trail, rests: TrailRests, options: Options): Promise<void> {
  const unused = trail.unusedGrants().filter(grantTest(options)).length;
  const rules = trail.rules().filter(ruleTest(options));
  const odd = (["unrequested", "leftover", "opened"] as const).flatMap((kind) => {
    const count = rules.filter((rule) => rule.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  const parts = [
    counted(shown, "session"),
    ...(unused === 0 ? [] : [counted(unused, "unused grant")]),
    ...(odd.length === 0 ? [] : [`rules outside requests: ${odd.join(", ")}`]),
  ];
  await note(io, `${parts.join("; ")}.`);
  await tellLogs(io, rests, options);
}

/** A verdict `unknown` means that a log is missing, which is a failure and takes precedence over findings. */
function exitCode({ failOn, strict }: Options, tally: ReadonlyMap<Verdict, number>, { unread }: TrailRests): ExitCode {
  const has = (verdict: Verdict): boolean => (tally.get(verdict) ?? 0) > 0;
  const ofRead = exitCodeOfRead(unread, strict);
  if (failOn === undefined) return ofRead;
  if (has("unknown") || ofRead === exitCodes.failure) return exitCodes.failure;
  return failOn.some(has) ? exitCodes.findings : ofRead;
}
