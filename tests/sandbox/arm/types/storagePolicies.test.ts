import assert from "node:assert/strict";
import { textAt } from "../../../../sandbox/arm/bodies.ts";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { startAuditPlane, type Answer } from "../../auditPlane.ts";
import { forSuite } from "../../../held.ts";
import { refusalOf } from "../plane.ts";

const version = "2024-01-01";
const standard = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };

describe("the policies of a storage account", () => {
  const plane = forSuite(startAuditPlane);
  const accountOf = (name: string): string => `${plane.group}/providers/Microsoft.Storage/storageAccounts/${name}`;
  const put = (path: string, body: JsonObject): Promise<Answer> => plane.send("PUT", path, version, body);
  const get = (path: string): Promise<Answer> => plane.send("GET", path, version);
  const propertiesOf = ({ body }: Answer): JsonObject => body.properties as JsonObject;

  it("says of an account without lifecycle rules that it has none", async () => {
    await put(accountOf("stbare"), standard);
    assert.equal(
      refusalOf(await get(`${accountOf("stbare")}/managementPolicies/default`)),
      "404 ManagementPolicyNotFound: No ManagementPolicy found for account stbare",
    );
    assert.equal(
      refusalOf(await get(`${accountOf("stbare")}/blobServices/default/containers/none`)),
      "404 ContainerNotFound: The specified container does not exist.",
    );
  });

  describe("immutability policies", () => {
    const container = (name: string): string => `${accountOf("stworm")}/blobServices/default/containers/${name}`;
    const policy = (name: string): string => `${container(name)}/immutabilityPolicies/default`;
    const days = (count: number, more: JsonObject = {}): JsonObject => ({
      properties: { immutabilityPeriodSinceCreationInDays: count, ...more },
    });
    const post = (path: string, etag: string | undefined, body?: JsonObject): Promise<Answer> =>
      plane.send("POST", path, version, body, etag === undefined ? {} : { "if-match": etag });
    const etagOf = async (name: string): Promise<string> => textAt((await get(policy(name))).body, "etag") ?? "";
    const current =
      "409 ContainerImmutabilityPolicyFailure: Operation not allowed on immutability policy with current state.";
    const incorrect =
      "412 ContainerImmutabilityPolicyFailure: Operation not allowed on immutability policy with incorrect etag.";

    before(async () => {
      await put(accountOf("stworm"), standard);
    });

    it("start out with no days on every container", async () => {
      await put(container("plain"), {});
      assert.deepEqual(propertiesOf(await get(policy("plain"))), {
        immutabilityPeriodSinceCreationInDays: 0,
        state: "Unlocked",
      });
    });

    it("can be made longer, shorter and deleted while they are unlocked", async () => {
      await put(container("soft"), {});
      assert.equal((await put(policy("soft"), days(30, { allowProtectedAppendWrites: true }))).status, 200);
      assert.equal((await put(policy("soft"), days(7))).status, 200);
      assert.deepEqual(propertiesOf(await get(policy("soft"))), {
        immutabilityPeriodSinceCreationInDays: 7,
        allowProtectedAppendWrites: false,
        state: "Unlocked",
      });
      assert.equal(propertiesOf(await get(container("soft"))).hasImmutabilityPolicy, true);
      const deleted = await plane.send("DELETE", policy("soft"), version);
      assert.deepEqual(
        [deleted.status, deleted.body.name, deleted.body.properties],
        [200, "default", { immutabilityPeriodSinceCreationInDays: 0, state: "Unlocked" }],
      );
      assert.equal(propertiesOf(await get(container("soft"))).hasImmutabilityPolicy, false);
    });

    it("take a period of 1 to 146000 days and one kind of protected append writes", async () => {
      await put(container("bad"), {});
      assert.equal((await put(policy("bad"), days(0))).status, 400);
      assert.equal((await put(policy("bad"), days(146_001))).status, 400);
      const both = { allowProtectedAppendWrites: true, allowProtectedAppendWritesAll: true };
      assert.equal(
        refusalOf(await put(policy("bad"), days(1, both))),
        "400 InvalidValuesForRequestParameters: Values for request parameters are invalid: allowProtectedAppendWrites, allowProtectedAppendWritesAll.",
      );
    });

    it("are locked with the right etag only, once and for all", async () => {
      await put(container("hard"), {});
      await put(policy("hard"), days(7, { allowProtectedAppendWrites: true }));
      assert.equal(refusalOf(await post(`${policy("hard")}/lock`, undefined)), incorrect);
      assert.equal(refusalOf(await post(`${policy("hard")}/lock`, '"other"')), incorrect);
      const locked = await post(`${policy("hard")}/lock`, await etagOf("hard"));
      assert.deepEqual([locked.status, propertiesOf(locked).state], [200, "Locked"]);
      assert.equal(refusalOf(await post(`${policy("hard")}/lock`, await etagOf("hard"))), current);
      assert.equal(refusalOf(await put(policy("hard"), days(1))), current);
      assert.equal(refusalOf(await plane.send("DELETE", policy("hard"), version)), current);
    });

    it("are extended, never shortened, and five times at most, once they are locked", async () => {
      for (const longer of [8, 9, 10, 11, 12]) {
        const extended = await post(`${policy("hard")}/extend`, await etagOf("hard"), days(longer));
        assert.equal(propertiesOf(extended).immutabilityPeriodSinceCreationInDays, longer);
      }
      assert.equal(refusalOf(await post(`${policy("hard")}/extend`, await etagOf("hard"), days(13))), current);
      assert.equal(refusalOf(await post(`${policy("hard")}/extend`, await etagOf("hard"), days(5))), current);
    });

    it("keep a container with blobs, and an account with a locked container", async () => {
      await plane.blobs.append("stworm", "hard", "a", "x");
      assert.equal(
        refusalOf(await plane.send("DELETE", container("hard"), version)),
        "409 ContainerProtectedFromDeletion: The container hard is protected from deletion: it has an immutability policy and is not empty.",
      );
      assert.equal(
        refusalOf(await plane.send("DELETE", accountOf("stworm"), version)),
        "409 AccountProtectedFromDeletion: stworm is protected from deletion. The container(s) hard have a locked immutability policy.",
      );
      assert.equal(await plane.blobs.hasBlobs("stworm", "hard"), true);
    });
  });

  describe("management policies", () => {
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
});
