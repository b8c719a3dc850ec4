import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { network, putNetwork, startCloud, vmSubnet } from "./types/cloud.ts";
import { forEachTest } from "../../held.ts";

describe("the tags of a resource, read and written on their own", () => {
  const cloud = forEachTest(startCloud);
  beforeEach(() => putNetwork(cloud));

  const tags = `${network}/providers/Microsoft.Resources/tags/default`;
  const body = (given: JsonObject, operation?: string): JsonObject => ({
    ...(operation === undefined ? {} : { operation }),
    properties: { tags: given },
  });
  const change = async (method: string, sent?: JsonObject): Promise<unknown> => {
    const { status } = await cloud.send(method, tags, sent);
    assert.equal(status, 200);
    return (await cloud.get(network)).tags;
  };

  it("are shown with their id, also where there are none, and those of a group as well", async () => {
    assert.deepEqual(await cloud.get(tags), {
      id: `${cloud.id(network)}/providers/Microsoft.Resources/tags/default`,
      name: "default",
      type: "Microsoft.Resources/tags",
      properties: { tags: {} },
    });
    const ofGroup = `${cloud.group}/providers/Microsoft.Resources/tags/default`;
    const { status, body: answer } = await cloud.send("PUT", ofGroup, body({ team: "access" }));
    assert.deepEqual([status, answer.properties], [200, { tags: { team: "access" } }]);
    assert.deepEqual((await cloud.get("")).tags, { team: "access" });
  });

  it("are replaced, merged and deleted, with names of any case, and change nothing else", async () => {
    const { properties } = await cloud.get(network);
    assert.deepEqual(await change("PUT", body({ Team: "access", stage: "dev" })), { Team: "access", stage: "dev" });
    assert.deepEqual(await change("PATCH", body({ team: "ops", cost: "7" }, "Merge")), {
      stage: "dev",
      team: "ops",
      cost: "7",
    });
    assert.deepEqual(await change("PATCH", body({ STAGE: "", cost: "8" }, "Delete")), { team: "ops", cost: "7" });
    assert.deepEqual(await change("PATCH", body({ cost: "7" }, "delete")), { team: "ops" });
    assert.deepEqual(await change("PATCH", body({ owner: "ada" }, "Replace")), { owner: "ada" });
    assert.deepEqual(await change("DELETE"), {});
    assert.deepEqual(
      ((await cloud.get(network)).properties as JsonObject).addressSpace,
      (properties as JsonObject).addressSpace,
    );
  });

  it("are in the activity log", async () => {
    await change("PUT", body({ team: "access" }));
    const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const filter = encodeURIComponent(`eventTimestamp ge '${anHourAgo}'`);
    const [event] = cloud.plane.activityLog.list(new URL(`https://sandbox/?$filter=${filter}`)).value;
    assert.deepEqual(
      [(event!.operationName as JsonObject).value, event!.resourceId],
      ["Microsoft.Resources/tags/write", cloud.id(tags)],
    );
  });

  it("are kept from changes by a lock against writes", async () => {
    await cloud.put(`${network}/providers/Microsoft.Authorization/locks/l`, { properties: { level: "ReadOnly" } });
    assert.equal(
      await cloud.refusal("PUT", tags, body({ team: "access" })),
      `409 ScopeLocked: The scope '${cloud.id(network)}' cannot perform write operation because following scope(s) are locked: '${cloud.id(network)}'. Please remove the lock and try again.`,
    );
  });

  const refusals: Record<string, [path: string, sent: JsonObject, code: string]> = {
    "a change without an operation": [tags, body({ a: "b" }), "InvalidRequestContent"],
    "an unknown operation": [tags, body({ a: "b" }, "Add"), "InvalidRequestContent"],
    "a resource that cannot be tagged": [
      tags.replace(network, vmSubnet),
      body({ a: "b" }, "Merge"),
      "NoRegisteredProviderFound",
    ],
    "a resource that does not exist": [
      tags.replace(network, `${network}2`),
      body({ a: "b" }, "Merge"),
      "ResourceNotFound",
    ],
    "an unknown api-version": [
      `${tags}?api-version=2018-01-01`,
      body({ a: "b" }, "Merge"),
      "NoRegisteredProviderFound",
    ],
  };
  for (const [what, [path, sent, code]] of Object.entries(refusals)) {
    it(`refuse ${what}`, async () => {
      assert.equal((await cloud.refused("PATCH", path, sent)).code, code);
    });
  }

  describe("are refused", () => {
    const refusals: Record<string, [given: JsonObject, refusal: string]> = {
      "beyond 50": [
        Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, ""])),
        "400 TooManyTags: Too many tags on the resource/resource group. Requested tag count - '51'. Maximum number of tags allowed - '50'.",
      ],
      "with reserved characters in a name": [
        { "cost/center": "7" },
        "400 InvalidTagNameCharacters: The tag names 'cost/center' have reserved characters '<,>,%,&,\\,?,/' or control characters.",
      ],
      "with a reserved name": [
        { AzureTeam: "x" },
        "400 ReservedTagNamePrefix: The tag name 'AzureTeam' starts with the reserved prefix 'azure'.",
      ],
      "without a name": [{ "": "x" }, "400 InvalidTagName: The tag name must be non-empty."],
      "with too long a name": [
        { ["n".repeat(513)]: "x" },
        `400 InvalidTagName: Tag name too large. Following tag name '${"n".repeat(513)}' exceeded the maximum length. Maximum allowed length for tag name - '512' characters.`,
      ],
      "with too long a value": [
        { team: "v".repeat(257) },
        `400 InvalidTagValueLength: Tag value too large. Following tag value '${"v".repeat(257)}' exceeded the maximum length. Maximum allowed length for tag value - '256' characters.`,
      ],
    };
    for (const [which, [given, refused]] of Object.entries(refusals)) {
      it(`${which}, wherever they are written`, async () => {
        const existing = await cloud.get(network);
        const location = "westeurope";
        assert.equal(await cloud.refusal("PUT", network, { ...existing, tags: given }), refused);
        assert.equal(await cloud.refusal("PATCH", network, { tags: given }), refused);
        assert.equal(await cloud.refusal("PUT", cloud.group, { location, tags: given }), refused);
        assert.equal(await cloud.refusal("PUT", tags, body(given)), refused);
        assert.equal(await cloud.refusal("PATCH", tags, body(given, "Merge")), refused);
      });
    }

    it("on a storage account, if a name has more than 128 characters", async () => {
      const account = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" }, properties: {} };
      const tagged = (length: number) => ({ ...account, tags: { ["n".repeat(length)]: "x" } });
      const id = "Microsoft.Storage/storageAccounts/taggedaccount";
      assert.equal((await cloud.refused("PUT", id, tagged(129))).code, "InvalidTagName");
      await cloud.put(id, tagged(128));
    });
  });
});
