import assert from "node:assert/strict";
import { activityEventsQuery } from "../../../../cli/audit/kql/activity.ts";
import { auditRecordsQuery } from "../../../../cli/audit/kql/auditRecords.ts";
import {
  auditTables,
  dedicatedTable,
  diagnosticsTable,
  queriedFields,
  type AuditTable,
} from "../../../../cli/audit/kql/auditTables.ts";
import { sessionsRule } from "../../../../core/kql/sessionsRule.ts";
import { fullFilter, page, range } from "./productQueries.ts";

const records = `let Records = MicrosoftAzureBastionAuditLogs
    | where TimeGenerated >= datetime(2026-03-01T00:00:00.000Z) and TimeGenerated < datetime(2026-03-09T00:00:00.000Z)
    | project TimeGenerated, COLUMNS;`;

const narrowed = records.replace(
  "\n    | project",
  '\n    | where (_ResourceId =~ "/subscriptions/s" or _ResourceId startswith "/subscriptions/s/")\n    | project',
);

/** A query without the list of its columns, which stands in a test of its own. */
function withoutColumns(kql: string): string {
  return kql.replace(/(?<=\| project TimeGenerated, ).*(?=;)/, "COLUMNS");
}

const read = `| where TimeGenerated >= datetime(2026-03-02T00:00:00.001Z)
| top 100 by TimeGenerated asc`;

describe("the query of audit records", () => {
  it("reads a page of all of them where nothing is asked for", () => {
    const kql = auditRecordsQuery({ table: dedicatedTable, range, filter: {}, page });
    assert.equal(withoutColumns(kql), `${records}\nRecords\n${read}`);
  });

  it("makes the columns of the dedicated table of either table's", () => {
    const columnsOf = (table: AuditTable): readonly string[] =>
      /project TimeGenerated, (.*);/
        .exec(auditRecordsQuery({ table, range, filter: {}, page }))?.[1]
        ?.split(/, (?=\w+(?: =|,|$))/) ?? [];
    const names = queriedFields.map(({ column }) => column);
    for (const table of auditTables) {
      assert.deepEqual(
        columnsOf(table).map((column) => column.split(" = ")[0]),
        names,
      );
    }
    const dedicated = columnsOf(dedicatedTable);
    for (const column of ["Time", "UserName", 'UserEmail = column_ifexists("UserEmail", "")', "_ResourceId"]) {
      assert.ok(dedicated.includes(column), column);
    }
    const diagnostics = columnsOf(diagnosticsTable);
    for (const column of [
      "Time = TimeGenerated",
      'UserName = column_ifexists("userName_s", "")',
      'ClientPort = column_ifexists("clientPort_d", real(null))',
      'TunnelId = iff(isnotempty(tostring(column_ifexists("tunnelId_g", ""))), tostring(column_ifexists("tunnelId_g", "")), column_ifexists("tunnelId_s", ""))',
    ]) {
      assert.ok(diagnostics.includes(column), column);
    }
  });

  it("asks for whole sessions, by the rule for them, of which any record may hold any of the facts", () => {
    assert.equal(
      withoutColumns(auditRecordsQuery({ table: dedicatedTable, range, filter: fullFilter, page })),
      `${narrowed}
${sessionsRule()}
let Wanted1 = Sessions
    | where isnull(End) or End >= datetime(2026-03-02T00:00:00.000Z) or Last >= datetime(2026-03-02T00:00:00.000Z)
    | where Start < datetime(2026-03-08T00:00:00.000Z)
    | where Outcome == "connected"
    | project Session;
let Wanted2 = Told
    | where UserEmail in~ ("ada@example.com", "live.com#ada@example.com", "google.com#ada@example.com", "mail#ada@example.com") or UserEmail startswith "ada_example.com#ext#@" or UserName =~ "ada@example.com"
    | project Session;
let Wanted3 = Told
    | where TargetResourceId endswith "/web"
    | project Session;
let Wanted4 = Told
    | where ipv4_is_match(ClientIpAddress, "203.0.113.0/24")
    | project Session;
let Wanted5 = Told
    | where Protocol =~ "ssh"
    | project Session;
let Wanted6 = Told
    | where TunnelId startswith "11111111-0000-0000-0000-000000000001"
    | project Session;
Told
| where Session in (Wanted1)
| where Session in (Wanted2)
| where Session in (Wanted3)
| where Session in (Wanted4)
| where Session in (Wanted5)
| where Session in (Wanted6)
${read}`,
    );
  });
});

describe("the query of activity events", () => {
  it("reads on from the page's beginning, and no earlier than the range's", () => {
    const kql = (start: Date): string => activityEventsQuery({ range, operations: [], page: { start, rows: 7 } });
    const from = (start: string) => `AzureActivity
| where TimeGenerated >= datetime(${start}) and TimeGenerated < datetime(2026-03-09T00:00:00.000Z)
| project TimeGenerated, EventDataId, CorrelationId, OperationId, OperationNameValue, ActivityStatusValue, _ResourceId, Caller, CallerIpAddress, Properties, Claims, Authorization, HTTPRequest
| top 7 by TimeGenerated asc`;
    assert.equal(kql(page.start), from("2026-03-02T00:00:00.001Z"));
    assert.equal(kql(new Date(0)), from("2026-03-01T00:00:00.000Z"));
  });
});
