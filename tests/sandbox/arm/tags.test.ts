import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { network, putNetwork, startCloud, vmSubnet } from "./types/cloud.ts";
import type { Cloud } from "./types/cloud.ts";

describe("the tags of a resource, read and written on their own", () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await startCloud();
    await putNetwork(cloud);
  });
  afterEach(() => cloud.remove());

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
    assert.deepEqual(await cloud.refused("PUT", tags, body({ team: "access" })), {
      status: 409,
      code: "ScopeLocked",
      message: `The scope '${cloud.id(network)}' cannot perform write operation because following scope(s) are locked: '${cloud.id(network)}'. Please remove the lock and try again.`,
    });
  });

  const refusals: [what: string, path: string, sent: JsonObject, code: string][] = [
    ["a change without an operation", tags, body({ a: "b" }), "InvalidRequestContent"],
    ["an unknown operation", tags, body({ a: "b" }, "Add"), "InvalidRequestContent"],
    [
      "a resource that cannot be tagged",
      tags.replace(network, vmSubnet),
      body({ a: "b" }, "Merge"),
      "NoRegisteredProviderFound",
    ],
    [
      "a resource that does not exist",
      tags.replace(network, `${network}2`),
      body({ a: "b" }, "Merge"),
      "ResourceNotFound",
    ],
    [
      "an unknown api-version",
      `${tags}?api-version=2018-01-01`,
      body({ a: "b" }, "Merge"),
      "NoRegisteredProviderFound",
    ],
  ];
  for (const [what, path, sent, code] of refusals) {
    it(`refuse ${what}`, async () => {
      assert.equal((await cloud.refused("PATCH", path, sent)).code, code);
    });
  }
});
