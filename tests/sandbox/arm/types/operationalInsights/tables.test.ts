import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startCloud } from "../cloud.ts";
import { forSuite } from "../../../../held.ts";

const workspace = "Microsoft.OperationalInsights/workspaces/logs";
const version = "?api-version=2025-07-01";
const table = `${workspace}/tables/AzureActivity${version}`;

describe("tables of a Log Analytics workspace", () => {
  const cloud = forSuite(startCloud);
  before(() => cloud.put(`${workspace}${version}`, { location: "westeurope", properties: { retentionInDays: 90 } }));

  const retention = (body: JsonObject): unknown[] => {
    const { retentionInDays, totalRetentionInDays, archiveRetentionInDays, retentionInDaysAsDefault } =
      body.properties as JsonObject;
    return [retentionInDays, totalRetentionInDays, archiveRetentionInDays, retentionInDaysAsDefault];
  };

  it("are those of Azure's own that logs go to, with the workspace's retention", async () => {
    const { value } = await cloud.get(`${workspace}/tables${version}`);
    assert.deepEqual(
      (value as JsonObject[]).map(({ name }) => name),
      ["AzureActivity", "AzureDiagnostics", "MicrosoftAzureBastionAuditLogs", "NTANetAnalytics"],
    );
    assert.deepEqual(retention(await cloud.get(table)), [90, 90, 0, true]);
  });

  it("keep their rows for as long as is set, and for the workspace's time again after -1", async () => {
    const properties = { retentionInDays: 365, totalRetentionInDays: 730 };
    assert.deepEqual(retention(await cloud.patch(table, { properties })), [365, 730, 365, false]);
    const unset = { properties: { retentionInDays: -1, totalRetentionInDays: -1 } };
    assert.deepEqual(retention(await cloud.patch(table, unset)), [90, 90, 0, true]);
  });

  it("refuse a table of no service, and a time that Azure does not allow", async () => {
    assert.equal(
      await cloud.refusal("PUT", `${workspace}/tables/Mine${version}`, { properties: {} }),
      "400 InvalidParameter: Table 'Mine' is not a table of Azure's own. The name of a custom table must end with '_CL'.",
    );
    const { code } = await cloud.refused("PATCH", table, { properties: { retentionInDays: 3 } });
    assert.equal(code, "InvalidParameter");
  });
});
