import assert from "node:assert/strict";
import type { Json } from "../../../sandbox/arm/json.ts";
import { productQueries } from "../../cli/audit/kql/productQueries.ts";
import { forSuite } from "../../held.ts";
import { customerId, needsChdb, startQueryPlane } from "./queryPlane.ts";

describe("the sandbox's query engine runs, unchanged, the query of", () => {
  before(needsChdb);
  const at = forSuite(startQueryPlane);
  before(() => {
    const row = { TimeGenerated: "2026-03-02T10:00:00Z", Category: "BastionAuditLogs" };
    for (const table of ["MicrosoftAzureBastionAuditLogs", "AzureDiagnostics", "AzureActivity", "NTANetAnalytics"])
      at.write(table, [row]);
  });

  for (const [name, query] of Object.entries(productQueries)) {
    it(name, async () => {
      const answer = await at.plane.raw(
        "POST",
        `/loganalytics/v1/workspaces/${customerId}/query`,
        JSON.stringify({ query }),
        { authorization: `Bearer ${await at.token(at.endpoint)}` },
      );
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      const [table] = answer.body.tables as unknown as { columns: Json[]; rows: Json[] }[];
      assert.ok(table!.columns.length > 0);
    }).timeout(120_000);
  }
});
