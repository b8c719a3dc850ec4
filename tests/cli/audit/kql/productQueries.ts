import { activityEventsQuery } from "../../../../cli/audit/kql/activity.ts";
import { auditRecordsQuery } from "../../../../cli/audit/kql/auditRecords.ts";
import { activityCountQuery, auditCountQuery, flowCountQuery } from "../../../../cli/audit/kql/counts.ts";
import { flowsQuery } from "../../../../cli/audit/kql/flows.ts";
import { lastRecordQuery } from "../../../../cli/audit/kql/lastRecord.ts";
import {
  auditTables,
  dedicatedTable,
  diagnosticsTable,
  type AuditTable,
} from "../../../../cli/audit/kql/auditTables.ts";
import type { SessionFilter } from "../../../../cli/audit/records/types.ts";
import { workspaceQuery } from "../../../../cli/audit/trail/workspaceQuery.ts";
import { accessActivityQuery, accessOperations, bastionSessionsQuery } from "../../../../core/links/index.ts";
import { grant, handMade, quiet, rule } from "../trail/relationRows.ts";

export const range = { start: new Date("2026-03-01T00:00:00Z"), end: new Date("2026-03-09T00:00:00Z") };
export const page = { start: new Date("2026-03-02T00:00:00.001Z"), rows: 100 };

/** A filter with everything in it. */
export const fullFilter: SessionFilter = {
  from: new Date("2026-03-02T00:00:00Z"),
  to: new Date("2026-03-08T00:00:00Z"),
  user: "ada@example.com",
  vm: "web",
  ip: "203.0.113.0/24",
  protocol: "ssh",
  outcome: "connected",
  tunnel: "11111111-0000-0000-0000-000000000001",
  bastion: "/subscriptions/s",
};

const filters: Readonly<Record<string, SessionFilter>> = {
  "no filter": {},
  "every filter": fullFilter,
  "an ARM id, an IPv6 range and a failure": { vm: "/subscriptions/s/vm", ip: "2001:db8::/32", outcome: "failed" },
  "a VM in a group": { vm: "one/web" },
  "an instance in a group": { vm: "one/web_3" },
  "a beginning": { from: range.start },
  "an end and an outcome that no word tells": { to: range.end, outcome: "unknown" },
};

function trail(table: AuditTable, hasFlows: boolean): string {
  const { hosts, placements, jitVms, gaps, logged } = quiet;
  const rows = { hosts, placements, jitVms, gaps, logged, grants: [grant()], rules: [rule(), handMade()] };
  return workspaceQuery({ rows, range, skewMs: 120_000, bastion: "/subscriptions/s", now: range.end, table, hasFlows });
}

const subscriptionId = "11111111-2222-3333-4444-555555555555";

/** Every KQL text that the product can send or link to, in each of its shapes. */
export const productQueries: Readonly<Record<string, string>> = {
  "the link to the sessions": bastionSessionsQuery("/subscriptions/s/bastionHosts/b"),
  "the link to the access activity": accessActivityQuery(subscriptionId),
  ...Object.fromEntries(
    auditTables.flatMap((table) =>
      Object.entries(filters).map(([name, filter]) => [
        `the records in ${table.name} with ${name}`,
        auditRecordsQuery({ table, range, filter, page }),
      ]),
    ),
  ),
  ...Object.fromEntries(
    auditTables.map((table) => [
      `the last record in ${table.name}`,
      lastRecordQuery(table, range, "/subscriptions/s/bastionHosts/o'b"),
    ]),
  ),
  ...Object.fromEntries(
    auditTables.map((table) => [
      `the number of records in ${table.name}`,
      auditCountQuery(table, range, "/subscriptions/s/bastionHosts/o'b"),
    ]),
  ),
  "the flows of a time": flowsQuery({ range, page }),
  "the number of flows": flowCountQuery(range),
  "the number of events of all subscriptions": activityCountQuery(range, undefined),
  "the number of events of one subscription": activityCountQuery(range, subscriptionId),
  "the trail of a time": trail(dedicatedTable, true),
  "the trail of a time, of records in AzureDiagnostics and without flows": trail(diagnosticsTable, false),
  "the activity of a time": activityEventsQuery({ range, operations: [], page }),
  "the activity of one subscription": activityEventsQuery({
    range,
    operations: accessOperations,
    subscriptionId,
    page,
  }),
};
