import assert from "node:assert/strict";
import { textAt, type JsonObject } from "../../../../../sandbox/arm/json.ts";
import { type Answer } from "../../../auditPlane.ts";
import { refusalOf } from "../../plane.ts";
import { version, standard, storageForSuite, propertiesOf } from "./storageFixture.ts";

describe("immutability policies", () => {
  const { plane, accountOf, put, get } = storageForSuite();
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
