import assert from "node:assert/strict";
import { WorkspaceQueryError } from "../../../../../cli/audit/sources/workspace/errors.ts";
import { lastRecordTime } from "../../../../../cli/audit/sources/workspace/lastRecordTime.ts";
import { forSuite } from "../../../../held.ts";
import { customerId, needsChdb, startQueryPlane } from "../../../../sandbox/query/queryPlane.ts";

const now = new Date("2026-03-08T00:00:00Z");
const hostId = "/subscriptions/s/bastionHosts/o'b";

describe("the time of a workspace's last record", () => {
  before(needsChdb);
  const at = forSuite(startQueryPlane);

  const last = async (of = hostId, workspace = customerId) => {
    const { endpoint, credential } = at;
    return (await lastRecordTime({ endpoint, customerId: workspace, credential, hostId: of, now }))?.toISOString();
  };
  const row = (time: string, of = hostId) => ({ TimeGenerated: time, Time: time, _ResourceId: of });

  it("is none without a table, or without a row of the host", async () => {
    assert.equal(await last(), undefined);
    at.write("MicrosoftAzureBastionAuditLogs", [row("2026-03-06T00:00:00Z", "/subscriptions/s/bastionHosts/other")]);
    assert.equal(await last(), undefined);
  });

  it("is that of the newest row in either table, of the last 90 days", async () => {
    at.write("MicrosoftAzureBastionAuditLogs", [
      row("2025-11-01T00:00:00Z", "/subscriptions/s/bastionHosts/old"),
      row("2026-03-05T10:00:00.120Z"),
      row("2026-03-04T10:00:00Z", hostId.toLowerCase()),
    ]);
    assert.equal(await last(), "2026-03-05T10:00:00.120Z");
    assert.equal(await last("/subscriptions/s/bastionHosts/old"), undefined);
    at.write("AzureDiagnostics", [{ ...row("2026-03-07T01:00:00Z"), Category: "BastionAuditLogs" }]);
    at.write("AzureDiagnostics", [{ ...row("2026-03-07T02:00:00Z"), Category: "Other" }]);
    assert.equal(await last(), "2026-03-07T01:00:00.000Z");
  });

  it("is unknown if the workspace cannot be queried", async () => {
    await assert.rejects(last(hostId, "99999999-1111-4222-8333-444444444444"), WorkspaceQueryError);
  });
});
