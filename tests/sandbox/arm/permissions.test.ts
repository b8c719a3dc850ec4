import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { objectIdOf } from "../../../sandbox/arm/tokens.ts";
import { startCloud } from "./types/cloud.ts";
import { forEachTest } from "../../held.ts";

const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const custom = "33333333-3333-4333-8333-333333333333";

/** `Permissions - List For Resource Group` and `... For Resource`. */
describe("Microsoft.Authorization/permissions", () => {
  const cloud = forEachTest(startCloud);
  let network: string;
  beforeEach(async () => {
    network = cloud.id("Microsoft.Network/virtualNetworks/net");
    const properties = { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } };
    await cloud.put(network, { location: "westeurope", properties });
  });

  const list = (scope: string) => `${scope}/providers/Microsoft.Authorization/permissions`;
  const grace = { kind: "user", upn: "grace@contoso.com" } as const;
  /** The answer to a person who asks for the permissions at a scope. */
  async function answer(scope: string) {
    const { body: token } = await cloud.plane.admin("POST", "/sandbox/token", { user: grace.upn });
    const authorization = `Bearer ${token.access_token as string}`;
    return cloud.plane.raw("GET", `${list(scope)}?api-version=2022-04-01`, undefined, { authorization });
  }
  async function listed(scope: string): Promise<JsonObject[]> {
    return (await answer(scope)).body.value as JsonObject[];
  }
  /** Actions of each role at a scope. */
  async function actions(scope: string) {
    return (await listed(scope)).map((permission) => permission.actions);
  }
  function role(name: string): string {
    return `${cloud.plane.subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
  }
  function assign(scope: string, name: string, digit: number, more: JsonObject = {}) {
    const principalId = objectIdOf(grace, cloud.plane.identity);
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-11111111111${digit}`;
    return cloud.put(id, { properties: { principalId, roleDefinitionId: role(name), ...more } });
  }

  it("are everything, and to read blobs, for a person without any role assigned", async () => {
    assert.deepEqual(await listed(cloud.group), [
      { actions: ["*"], notActions: [], dataActions: [], notDataActions: [] },
      {
        actions: [
          "Microsoft.Storage/storageAccounts/blobServices/containers/read",
          "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        ],
        notActions: [],
        dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
        notDataActions: [],
      },
    ]);
  });

  it("are those of the caller's roles at the scope and above it", async () => {
    await assign(network, contributor, 1);
    assert.equal((await answer(cloud.group)).status, 403);
    assert.deepEqual(await actions(network), [["*"]]);
    await assign(cloud.plane.subscription, reader, 2);
    assert.deepEqual(await actions(cloud.group), [["*/read"]]);
    assert.deepEqual((await actions(network)).sort(), [["*"], ["*/read"]]);
  });

  it("are not those of other people's roles", async () => {
    await assign(cloud.group, reader, 1);
    await assign(cloud.group, contributor, 2, { principalId: custom });
    assert.deepEqual(await actions(cloud.group), [["*/read"]]);
  });

  it("are what a custom role says", async () => {
    const read = "Microsoft.Authorization/permissions/read";
    const permissions = [{ actions: ["Microsoft.Network/*", read], notActions: ["*/delete"] }];
    await cloud.put(role(custom), {
      properties: { roleName: "Mine", assignableScopes: [cloud.group], permissions },
    });
    await assign(cloud.group, custom, 1);
    assert.deepEqual(await listed(cloud.group), [
      { actions: ["Microsoft.Network/*", read], notActions: ["*/delete"], dataActions: [], notDataActions: [] },
    ]);
  });

  it("are of a group or a resource that exists, and only to be read", async () => {
    assert.equal((await cloud.refused("GET", list(`${cloud.group}2`))).code, "ResourceGroupNotFound");
    assert.equal((await cloud.refused("GET", list(`${network}2`))).code, "ResourceNotFound");
    assert.equal((await cloud.refused("PUT", list(cloud.group), {})).status, 405);
    const old = await cloud.plane.send("GET", `${list(cloud.group)}?api-version=2014-01-01`);
    assert.deepEqual([old.status, (old.body.error as JsonObject).code], [400, "NoRegisteredProviderFound"]);
  });
});
