/** `trail --source workspace`: joins the trail in the workspace. */
import type { QueryRange } from "../audit/kql/auditRecords.ts";
import { dedicatedTable } from "../audit/kql/auditTables.ts";
import { summedAfterMs } from "../audit/kql/flows.ts";
import type { LogCount } from "../audit/sources/workspace/queryTrail.ts";
import { trailRests, type TrailRests } from "../audit/trail/auditCoverage.ts";
import { openForMs } from "../audit/sessions/openFor.ts";
import { LogSight } from "../audit/trail/logSight.ts";
import type { Access } from "../audit/trail/readAccess.ts";
import type { AccessRows, TrailOptions, TrailSources } from "../audit/trail/trail.ts";
import { workspaceQuery } from "../audit/trail/workspaceQuery.ts";
import type { Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { openSettings } from "../settings/settings.ts";
import type { TimeRange } from "../timeRange.ts";
import type { SourceFlags } from "./sourceFlags.ts";
import { searchedRange, withEarlierSessions } from "./trailRanges.ts";
import { dayMs } from "../time.ts";

interface Asked {
  readonly range: TimeRange;
  /** ARM id of a Bastion host, its resource group or its subscription. Default: every host. */
  readonly bastion: string | undefined;
}

const nothing = { unreadable: [], unread: { lost: 0, aside: 0 }, lostIn: [] };

export async function readWorkspace(
  flags: SourceFlags,
  { access, ...asked }: Asked & { readonly access: Access },
  io: Io,
  progress: Progress,
): Promise<Pick<TrailSources, "join"> & { readonly rests: TrailRests }> {
  progress.update("Asking the workspace");
  const customerId = await openSettings(flags, io).need("workspaceCustomerId");
  const [{ openTrailWorkspace }, { openAzure }] = await Promise.all([
    import("../audit/sources/workspace/queryTrail.ts"),
    import("../azureAccess.ts"),
  ]);
  const { cloud, credential } = await openAzure(io);
  const range = queryRange(asked.range, io.now());
  const options = { endpoint: cloud.logAnalytics, customerId, credential, signal: io.signal };
  const workspace = await openTrailWorkspace({ ...options, range, bastion: asked.bastion });
  const { audit, flows } = workspace;
  const { from, to } = withEarlierSessions(asked.range);
  const coverage = {
    ...{ from: from?.toISOString() ?? null, to: to?.toISOString() ?? null },
    ...{ lastRecord: audit.last?.toISOString() ?? null, recordsRead: audit.records },
    ...{ hoursRead: null, duplicates: 0, receivedUntil: null, otherLogs: {} },
  };
  return {
    join: async function* (rows, skewMs) {
      const joined = await workspace.join((table, hasFlows) =>
        workspaceQuery({ rows, range, skewMs, now: io.now(), to, bastion: asked.bastion, table, hasFlows }),
      );
      // The query reads more, where other records of its sessions may be.
      for (const row of joined) {
        if (row.Start < (to?.getTime() ?? Infinity) && row.Seen >= (from?.getTime() ?? 0)) yield row;
      }
    },
    rests: trailRests({ coverage, ...nothing }, access, {
      coverage: sightOf(flows).coverage(io.now(), summedAfterMs),
      ...nothing,
      otherLogs: {},
    }),
  };
}

/**
 * The query sent to the workspace, for people. It returns only the sessions of the range, as `Trail` does for the rows that
 * the CLI reads: those around the range show whether a grant was used.
 */
export function printedQuery(
  { range, at, bastion }: Asked & Pick<TrailOptions, "at">,
  rows: AccessRows,
  skewMs: number,
  now: Date,
): string {
  const searched = searchedRange(range, at);
  const query = workspaceQuery({
    ...{ rows, skewMs, now, bastion, to: searched.to },
    range: queryRange(searched, now),
    table: dedicatedTable,
    hasFlows: true,
  });
  const { from, to } = range;
  const lastSeen = at === undefined ? "Seen" : `iff(State == "closed", Seen, Seen + ${openForMs})`;
  return [
    // An empty line ends a query in the editor of Log Analytics.
    ...query.split("\n").filter((line) => line !== ""),
    ...(to === undefined ? [] : [`| where Start < ${to.getTime()}`]),
    ...(from === undefined ? [] : [`| where iff(Finish > 0, Finish, ${lastSeen}) >= ${from.getTime()}`]),
    "",
  ].join("\n");
}

/** Widens the range by a day on both sides, where records of its sessions may be. */
function queryRange(range: TimeRange, now: Date): QueryRange {
  const { from = new Date(dayMs), to = now } = withEarlierSessions(range);
  return { start: new Date(from.getTime() - dayMs), end: new Date(to.getTime() + dayMs) };
}

function sightOf({ records, first, last }: LogCount): LogSight {
  const sight = new LogSight();
  if (first !== undefined && last !== undefined)
    sight.seeAll({ first: first.getTime(), last: last.getTime() }, records);
  return sight;
}
