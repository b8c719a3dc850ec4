import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { isGuid, startCloud } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";

describe("Microsoft.ManagedIdentity/userAssignedIdentities", () => {
  const cloud = forEachTest(startCloud);

  it("has a principal and a client of its own, for as long as it lives", async () => {
    const identity = "Microsoft.ManagedIdentity/userAssignedIdentities/uai";
    const before = (await cloud.put(identity, { location: "westeurope" })).properties as JsonObject;
    assert.ok(isGuid(before.principalId) && isGuid(before.clientId));
    assert.equal(before.tenantId, cloud.plane.identity.tenantId);
    const after = (await cloud.put(identity, { location: "westeurope", tags: { a: "b" } })).properties;
    assert.deepEqual(after, before);
  });
});
