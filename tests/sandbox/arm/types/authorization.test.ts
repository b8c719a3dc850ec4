import assert from "node:assert/strict";
import type { JsonObject } from "../../../../sandbox/arm/model.ts";
import { isGuid, startCloud } from "./cloud.ts";
import type { Cloud } from "./cloud.ts";

const assignments = "Microsoft.Authorization/roleAssignments";
const first = `${assignments}/11111111-1111-4111-8111-111111111111`;
const second = `${assignments}/22222222-2222-4222-8222-222222222222`;
const principalId = "33333333-3333-4333-8333-333333333333";
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

describe("Microsoft.Authorization", () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await startCloud();
  });
  afterEach(() => cloud.remove());

  const role = (name = reader): string =>
    `${cloud.plane.subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
  const assignment = (more: JsonObject = {}): JsonObject => ({
    properties: { principalId, principalType: "ServicePrincipal", roleDefinitionId: role(), ...more },
  });

  it("shows who assigned a role, where and when", async () => {
    const { properties } = await cloud.put(first, assignment());
    const { createdOn, updatedOn, createdBy, updatedBy, ...rest } = properties as JsonObject;
    assert.equal(createdOn, updatedOn);
    assert.deepEqual([isGuid(createdBy), createdBy], [true, updatedBy]);
    assert.deepEqual(rest, { ...(assignment().properties as JsonObject), scope: cloud.group });
  });

  it("assigns a role to a principal once at a scope", async () => {
    await cloud.put(first, assignment());
    assert.deepEqual(await cloud.refused("PUT", second, assignment()), {
      status: 409,
      code: "RoleAssignmentExists",
      message:
        "The role assignment already exists. The ID of the existing role assignment is 11111111111141118111111111111111.",
    });
    assert.deepEqual(await cloud.refused("PUT", first, assignment({ roleDefinitionId: role(principalId) })), {
      status: 400,
      code: "RoleAssignmentUpdateNotPermitted",
      message: "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    });
    await cloud.delete(first);
    await cloud.put(second, assignment());
  });

  it("refuses names, principals and roles that are no GUIDs", async () => {
    assert.deepEqual(await cloud.refused("PUT", `${assignments}/reader`, assignment()), {
      status: 400,
      code: "InvalidRoleAssignmentId",
      message: "The role assignment ID 'reader' is not valid. The role assignment ID must be a GUID.",
    });
    assert.deepEqual(await cloud.refused("PUT", first, assignment({ principalId: "ada" })), {
      status: 400,
      code: "InvalidPrincipalId",
      message: "A valid principal ID must be provided for role assignment.",
    });
    assert.deepEqual(await cloud.refused("PUT", first, assignment({ roleDefinitionId: role("Reader") })), {
      status: 400,
      code: "RoleDefinitionDoesNotExist",
      message: "The specified role definition with ID 'Reader' does not exist.",
    });
  });

  it("knows the built-in roles, and keeps custom ones apart from them", async () => {
    assert.equal(((await cloud.get(role())).properties as JsonObject).roleName, "Reader");
    const custom = (roleName: string): JsonObject => ({
      properties: { roleName, assignableScopes: [cloud.group], permissions: [{ actions: ["*/read"] }] },
    });
    assert.equal(
      (await cloud.refused("PUT", role(principalId), custom("Reader"))).code,
      "RoleDefinitionWithSameNameExists",
    );
    const { properties } = await cloud.put(role(principalId), custom("Bastion requester"));
    assert.equal((properties as JsonObject).type, "CustomRole");
  });

  it("locks a resource and what is inside it", async () => {
    const network = "Microsoft.Network/virtualNetworks/net";
    await cloud.put(network, {
      location: "westeurope",
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
    });
    const lock = `${network}/providers/Microsoft.Authorization/locks/evidence`;
    await cloud.put(lock, { properties: { level: "CanNotDelete", notes: "Holds the way in." } });
    assert.deepEqual(await cloud.refused("DELETE", network), {
      status: 409,
      code: "ScopeLocked",
      message: `The scope '${cloud.id(network)}' cannot perform delete operation because following scope(s) are locked: '${cloud.id(network)}'. Please remove the lock and try again.`,
    });
    await cloud.delete(lock);
    await cloud.delete(network);
  });

  it("refuses a lock without a known level", async () => {
    const answer = await cloud.refused("PUT", "Microsoft.Authorization/locks/l", { properties: { level: "Forever" } });
    assert.equal(answer.code, "InvalidRequestContent");
  });
});

describe("Microsoft.Resources/resourceGroups", () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await startCloud();
  });
  afterEach(() => cloud.remove());

  it("takes a region by either of its names, and shows one", async () => {
    const other = `${cloud.group}2`;
    const { location, properties } = await cloud.put(other, { location: "North Europe" });
    assert.deepEqual(
      { location, properties },
      { location: "northeurope", properties: { provisioningState: "Succeeded" } },
    );
  });

  it("refuses characters that no group's name has", async () => {
    assert.deepEqual(await cloud.refused("PUT", `${cloud.group}$!`, { location: "westeurope" }), {
      status: 400,
      code: "InvalidResourceGroup",
      message:
        "The provided resource group name 'rg$!' has these invalid characters: '$!'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.",
    });
  });
});

describe("Microsoft.ManagedIdentity/userAssignedIdentities", () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await startCloud();
  });
  afterEach(() => cloud.remove());

  it("has a principal and a client of its own, for as long as it lives", async () => {
    const identity = "Microsoft.ManagedIdentity/userAssignedIdentities/uai";
    const before = (await cloud.put(identity, { location: "westeurope" })).properties as JsonObject;
    assert.ok(isGuid(before.principalId) && isGuid(before.clientId));
    assert.equal(before.tenantId, cloud.plane.identity.tenantId);
    const after = (await cloud.put(identity, { location: "westeurope", tags: { a: "b" } })).properties;
    assert.deepEqual(after, before);
  });
});
