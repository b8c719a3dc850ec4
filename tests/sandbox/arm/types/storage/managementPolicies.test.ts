import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { refusalOf } from "../../plane.ts";
import { standard, storageForSuite, propertiesOf } from "./storageFixture.ts";

describe("management policies", () => {
  const { accountOf, put, get } = storageForSuite();

  it("are not found if an account has none", async () => {
    await put(accountOf("stbare"), standard);
    assert.equal(
      refusalOf(await get(`${accountOf("stbare")}/managementPolicies/default`)),
      "404 ManagementPolicyNotFound: No ManagementPolicy found for account stbare",
    );
  });

  const policy = (): string => `${accountOf("stlife")}/managementPolicies/default`;
  const rule = (definition: JsonObject, name = "expire"): JsonObject => ({
    properties: { policy: { rules: [{ name, type: "Lifecycle", enabled: true, definition }] } },
  });
  const expire = { baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } } };
  const appendBlobs = { blobTypes: ["appendBlob"], prefixMatch: ["insights-logs-bastionauditlogs/"] };
  before(async () => {
    await put(accountOf("stlife"), standard);
  });

  it("delete append blobs after a while", async () => {
    const answer = await put(policy(), rule({ actions: expire, filters: appendBlobs }));
    assert.equal(answer.status, 200);
    assert.deepEqual(
      propertiesOf(await get(policy())).policy,
      (rule({ actions: expire, filters: appendBlobs }).properties as JsonObject).policy,
    );
  });

  it("refuse what Azure's lifecycle management does not do", async () => {
    const tier = { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 30 } } };
    for (const [body, reason] of [
      [
        rule({ actions: tier, filters: appendBlobs }),
        "rule 'expire' has the action tierToCool, but for appendBlob only delete is supported",
      ],
      [
        rule({ actions: expire, filters: { blobTypes: [] } }),
        "rule 'expire' needs at least one of blockBlob, appendBlob in filters.blobTypes",
      ],
      [rule({ actions: {}, filters: appendBlobs }), "rule 'expire' has no action"],
      [
        rule({ actions: expire, filters: { blobTypes: ["appendBlob"], prefixMatch: ["Insights/"] } }),
        "rule 'expire' has the prefix 'Insights/', which does not start with a container name",
      ],
      [{ properties: { policy: { rules: [] } } } as JsonObject, "a policy must have at least one rule"],
    ] as const) {
      assert.equal(
        refusalOf(await put(policy(), body)),
        `400 InvalidRequestPropertyValue: The management policy is invalid: ${reason}.`,
      );
    }
  });
});
