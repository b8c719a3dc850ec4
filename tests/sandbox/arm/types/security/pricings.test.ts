import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startAuditPlane } from "../../../auditPlane.ts";
import { planId, versions } from "../../../auditResources.ts";
import { forSuite } from "../../../../held.ts";
import { refusalOf } from "../../plane.ts";

describe("Microsoft.Security/pricings", () => {
  const plane = forSuite(startAuditPlane);

  it("are Free from the start", async () => {
    const { status, body } = await plane.send("GET", planId(plane), versions.pricing);
    assert.deepEqual(
      [status, body.name, body.properties],
      [200, "VirtualMachines", { pricingTier: "Free", freeTrialRemainingTime: "P30D" }],
    );
  });

  it("are set to Standard with a subplan, Plan 2 where none is named", async () => {
    const answer = await plane.send("PUT", planId(plane), versions.pricing, {
      properties: { pricingTier: "Standard" },
    });
    assert.deepEqual([answer.status, (answer.body.properties as JsonObject).subPlan], [200, "P2"]);
  });

  it("refuse a subplan of another plan", async () => {
    const properties = { pricingTier: "Standard", subPlan: "P3" };
    assert.equal(
      refusalOf(await plane.send("PUT", planId(plane), versions.pricing, { properties })),
      "400 BadRequest: The subplan 'P3' is not supported for the plan 'VirtualMachines'. Allowed with the pricing tier Standard are P1, P2.",
    );
  });

  it("cannot be deleted from a subscription", async () => {
    assert.equal((await plane.send("DELETE", planId(plane), versions.pricing)).status, 405);
  });
});
