import assert from "node:assert/strict";
import { activityEventsQuery } from "../../../../cli/audit/kql/activity.ts";
import { auditRecordsQuery } from "../../../../cli/audit/kql/auditRecords.ts";
import { dedicatedTable } from "../../../../cli/audit/kql/auditTables.ts";
import { fullFilter, page, range } from "./productQueries.ts";

const records = `let Records = MicrosoftAzureBastionAuditLogs
| where TimeGenerated >= datetime(2026-03-01T00:00:00.000Z) and TimeGenerated < datetime(2026-03-09T00:00:00.000Z)
| project TimeGenerated, Time = Time, Person = column_ifexists("UserEmail", ""), Account = UserName, TargetResourceId = TargetResourceId, ClientIp = ClientIpAddress, Message = Message, TunnelId = TunnelId, Protocol = Protocol, SessionEnd = SessionEndTime, TargetIp = TargetVMIPAddress, SessionStart = SessionStartTime, DurationMs = Duration, ClientPort = ClientPort, OperationName = OperationName, UserAgent = UserAgent, ResourceType = column_ifexists("ResourceType", ""), BastionId = _ResourceId, Region = Location;`;

const narrowed = records.replace(
  "\n| project",
  '\n| where (_ResourceId =~ "/subscriptions/s" or _ResourceId startswith "/subscriptions/s/")\n| project',
);

describe("the query of audit records", () => {
  it("reads a page of all of them where nothing is asked for", () => {
    assert.equal(
      auditRecordsQuery({ table: dedicatedTable, range, filter: {}, page }),
      `${records}
Records
| where TimeGenerated >= datetime(2026-03-02T00:00:00.001Z)
| top 100 by TimeGenerated asc`,
    );
  });

  it("asks for whole tunnels, of which any record may hold any of the facts", () => {
    assert.equal(
      auditRecordsQuery({ table: dedicatedTable, range, filter: fullFilter, page }),
      `${narrowed}
let Tunnels = Records
| where isnotempty(TunnelId)
| summarize First = min(TimeGenerated), Last = max(TimeGenerated), Ends = countif(isnotempty(SessionEnd)), Fact0 = countif((Person =~ "ada@example.com" or Account =~ "ada@example.com")), Fact1 = countif(TargetResourceId endswith "/web"), Fact2 = countif(ipv4_is_match(ClientIp, "203.0.113.0/24")), Fact3 = countif(Protocol =~ "ssh"), Fact4 = countif(TunnelId startswith "11111111-0000-0000-0000-000000000001"), Fact5 = countif(Message contains "connect") by TunnelId
| where (Last >= datetime(2026-03-02T00:00:00.000Z) or Ends == 0) and First < datetime(2026-03-08T00:00:00.000Z) and Fact0 > 0 and Fact1 > 0 and Fact2 > 0 and Fact3 > 0 and Fact4 > 0 and Fact5 > 0
| project TunnelId;
Records
| where TunnelId in (Tunnels) or (isempty(TunnelId) and TimeGenerated >= datetime(2026-03-02T00:00:00.000Z) and TimeGenerated < datetime(2026-03-08T00:00:00.000Z) and (Person =~ "ada@example.com" or Account =~ "ada@example.com") and TargetResourceId endswith "/web" and ipv4_is_match(ClientIp, "203.0.113.0/24") and Protocol =~ "ssh" and TunnelId startswith "11111111-0000-0000-0000-000000000001" and Message contains "connect")
| where TimeGenerated >= datetime(2026-03-02T00:00:00.001Z)
| top 100 by TimeGenerated asc`,
    );
  });
});

describe("the query of activity events", () => {
  it("reads on from the page's beginning, and no earlier than the range's", () => {
    const kql = (start: Date): string => activityEventsQuery({ range, operations: [], page: { start, rows: 7 } });
    assert.match(kql(page.start), /TimeGenerated >= datetime\(2026-03-02T00:00:00.001Z\) and/);
    assert.match(kql(new Date(0)), /TimeGenerated >= datetime\(2026-03-01T00:00:00.000Z\) and/);
    assert.match(kql(page.start), /\| top 7 by TimeGenerated asc$/);
  });
});
