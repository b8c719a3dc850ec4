import assert from "node:assert/strict";
import { textAt, type JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startAuditPlane, type Answer } from "../../../auditPlane.ts";
import { versions } from "../../../auditResources.ts";
import { forSuite } from "../../../../held.ts";
import { refusalOf } from "../../plane.ts";

describe("Microsoft.OperationalInsights/workspaces", () => {
  const plane = forSuite(startAuditPlane);
  const id = (name: string): string => `${plane.group}/providers/Microsoft.OperationalInsights/workspaces/${name}`;
  const put = (name: string, properties: JsonObject): Promise<Answer> =>
    plane.send("PUT", id(name), versions.workspace, { location: "westeurope", properties });

  it("have a customer id and keys that stay the same over updates", async () => {
    const created = (await put("log-main", {})).body.properties as JsonObject;
    assert.match(textAt(created, "customerId") ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual([created.retentionInDays, (created.sku as JsonObject).name], [30, "PerGB2018"]);
    const keys = (await plane.send("POST", `${id("log-main")}/sharedKeys`, versions.workspace)).body;
    const updated = (await put("log-main", { retentionInDays: 90 })).body.properties as JsonObject;
    assert.deepEqual([updated.customerId, updated.retentionInDays], [created.customerId, 90]);
    const patched = await plane.send("PATCH", id("log-main"), versions.workspace, { tags: { a: "b" } });
    assert.equal(patched.status, 200);
    assert.deepEqual((await plane.send("POST", `${id("log-main")}/sharedKeys`, versions.workspace)).body, keys);
  });

  it("refuse a retention that the SKU does not have", async () => {
    for (const properties of [
      { retentionInDays: 29 },
      { retentionInDays: 731 },
      { sku: { name: "Free" }, retentionInDays: 30 },
    ]) {
      assert.equal(
        refusalOf(await put("log-bad", properties as JsonObject)),
        "400 InvalidParameter: 'RetentionInDays' property doesn't match the SKU limits.",
      );
    }
  });

  it("refuse a bad name and a reservation without its size", async () => {
    assert.match(refusalOf(await put("-no", {})), / InvalidResourceName:/);
    assert.match(refusalOf(await put("log-bad", { sku: { name: "CapacityReservation" } })), / InvalidParameter:/);
  });
});
