import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../../../../sandbox/arm/json.ts";
import { isGuid, startCloud } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";

const assignments = "Microsoft.Authorization/roleAssignments";
const first = `${assignments}/11111111-1111-4111-8111-111111111111`;
const second = `${assignments}/22222222-2222-4222-8222-222222222222`;
const principalId = "33333333-3333-4333-8333-333333333333";
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

describe("Microsoft.Authorization", () => {
  const cloud = forEachTest(startCloud);

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
    assert.equal(
      await cloud.refusal("PUT", second, assignment()),
      "409 RoleAssignmentExists: The role assignment already exists. The ID of the existing role assignment is 11111111111141118111111111111111.",
    );
    assert.equal(
      await cloud.refusal("PUT", first, assignment({ roleDefinitionId: role(owner) })),
      "400 RoleAssignmentUpdateNotPermitted: Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    );
    const before = await cloud.get(first);
    const { status, body } = await cloud.send("DELETE", first);
    assert.deepEqual([status, body], [200, before]);
    assert.equal((await cloud.send("DELETE", first)).status, 204);
    await cloud.put(second, assignment());
  });

  it("takes a condition of version 2.0 that can be read", async () => {
    const condition = "(!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}))";
    const { properties } = await cloud.put(first, assignment({ condition, conditionVersion: "2.0" }));
    assert.equal((properties as JsonObject).condition, condition);
    for (const [more, code] of [
      [{ condition }, "InvalidConditionVersion"],
      [{ condition, conditionVersion: "1.0" }, "InvalidConditionVersion"],
      [{ condition: "x", conditionVersion: "2.0" }, "InvalidCondition"],
    ] as [JsonObject, string][]) {
      assert.equal((await cloud.refused("PUT", second, assignment(more))).code, code);
    }
  });

  it("knows that an identity is a service principal", async () => {
    const identity = await cloud.put("Microsoft.ManagedIdentity/userAssignedIdentities/one", {
      location: "westeurope",
    });
    const { principalId: own } = identity.properties as { principalId: string };
    const refusal = await cloud.refused("PUT", first, assignment({ principalId: own, principalType: "User" }));
    assert.deepEqual(
      [refusal.status, refusal.code, refusal.message],
      [
        400,
        "UnmatchedPrincipalType",
        `The PrincipalId '${own.replaceAll("-", "")}' has type 'ServicePrincipal' , which is different from specified PrinciaplType 'User'.`,
      ],
    );
  });

  it("refuses names, principals and roles that are no GUIDs", async () => {
    assert.equal(
      await cloud.refusal("PUT", `${assignments}/reader`, assignment()),
      "400 InvalidRoleAssignmentId: The role assignment ID 'reader' is not valid. The role assignment ID must be a GUID.",
    );
    assert.equal(
      await cloud.refusal("PUT", first, assignment({ principalId: "ada" })),
      "400 InvalidPrincipalId: A valid principal ID must be provided for role assignment.",
    );
    assert.equal(
      await cloud.refusal("PUT", first, assignment({ roleDefinitionId: role("Reader") })),
      "404 RoleDefinitionDoesNotExist: The specified role definition with ID 'Reader' does not exist.",
    );
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

  it("assigns only roles that exist, and says which assignment does not", async () => {
    assert.equal(
      await cloud.refusal("PUT", first, assignment({ roleDefinitionId: role(principalId) })),
      `404 RoleDefinitionDoesNotExist: The specified role definition with ID '${principalId}' does not exist.`,
    );
    assert.equal(
      await cloud.refusal("GET", role(principalId)),
      `404 RoleDefinitionDoesNotExist: The specified role definition with ID '${principalId}' does not exist.`,
    );
    assert.equal(
      await cloud.refusal("GET", first),
      "404 RoleAssignmentNotFound: The role assignment '11111111-1111-4111-8111-111111111111' is not found.",
    );
  });

  describe("in lists", () => {
    const names = async (type: string, filter?: string, scope = cloud.group): Promise<Json[]> => {
      const query = filter === undefined ? "" : `?$filter=${encodeURIComponent(filter)}`;
      const { value } = await cloud.get(`${scope}/providers/Microsoft.Authorization/${type}${query}`);
      return (value as JsonObject[]).map(({ name, properties }) => (properties as JsonObject).roleName ?? name!);
    };
    const network = "Microsoft.Network/virtualNetworks/net";
    const custom = "44444444-4444-4444-8444-444444444444";

    beforeEach(async () => {
      await cloud.put(network, {
        location: "westeurope",
        properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
      });
    });

    const putCustom = (roleName: string, scope: string, name = custom): Promise<JsonObject> =>
      cloud.put(`${scope}/providers/Microsoft.Authorization/roleDefinitions/${name}`, {
        properties: { roleName, assignableScopes: [scope], permissions: [{ actions: ["*/read"] }] },
      });

    it("shows the roles of Azure's own, and finds one by its name", async () => {
      const all = await names("roleDefinitions");
      assert.ok(
        ["Owner", "Reader", "Log Analytics Reader", "Storage Blob Data Reader"].every((one) => all.includes(one)),
      );
      assert.deepEqual(await names("roleDefinitions", "roleName eq 'Log Analytics Reader'"), ["Log Analytics Reader"]);
      assert.deepEqual(await names("roleDefinitions", "roleName eq 'reader'"), ["Reader"]);
      assert.deepEqual(await names("roleDefinitions", "roleName eq 'X'"), []);
      assert.deepEqual(await names("roleDefinitions", "roleName eq 'It''s mine and yours'"), []);
    });

    it("shows a role by the same id at every scope", async () => {
      const at = `${cloud.id(network)}/providers/Microsoft.Authorization/roleDefinitions`;
      assert.equal((await cloud.get(`${at}/${reader}`)).id, role());
      const { value } = await cloud.get(`${at}?$filter=${encodeURIComponent("roleName eq 'Reader'")}`);
      assert.deepEqual(
        (value as JsonObject[]).map(({ id }) => id),
        [role()],
      );
    });

    it("shows a custom role where it can be assigned, and below with atScopeAndBelow()", async () => {
      assert.equal((await putCustom("Bastion requester", cloud.group)).id, role(custom));
      const customs = (filter: string, scope: string) => names("roleDefinitions", filter, scope);
      assert.deepEqual(await customs("type eq 'CustomRole'", cloud.group), ["Bastion requester"]);
      assert.deepEqual(await customs("type eq 'CustomRole'", cloud.id(network)), ["Bastion requester"]);
      assert.deepEqual(await customs("type eq 'CustomRole'", cloud.plane.subscription), []);
      assert.deepEqual(await customs("atScopeAndBelow() and type eq 'CustomRole'", cloud.plane.subscription), [
        "Bastion requester",
      ]);
      await cloud.delete(role(custom));
      assert.deepEqual(await customs("type eq 'CustomRole'", cloud.group), []);
    });

    it("keeps a custom role that is assigned", async () => {
      await putCustom("Bastion requester", cloud.group);
      await cloud.put(first, assignment({ roleDefinitionId: role(custom) }));
      assert.equal(
        await cloud.refusal("DELETE", role(custom)),
        "400 RoleDefinitionHasAssignments: There are existing role assignments referencing role.",
      );
      await cloud.delete(first);
      await cloud.delete(role(custom));
    });

    it("shows the assignments at, above and below a scope; atScope() leaves out those below", async () => {
      const below = `${cloud.id(network)}/providers/${second}`;
      const above = `${cloud.plane.subscription}/providers/${assignments}/33333333-3333-4333-8333-333333333333`;
      await cloud.put(first, assignment());
      await cloud.put(below, assignment({ roleDefinitionId: role(owner) }));
      await cloud.put(above, assignment({ principalId: owner }));
      const [at, under, over] = [first, below, above].map((id) => id.split("/").at(-1)!);
      assert.deepEqual((await names("roleAssignments")).toSorted(), [at, under, over]);
      assert.deepEqual((await names("roleAssignments", "atScope()")).toSorted(), [at, over]);
      assert.deepEqual(await names("roleAssignments", `atScope() and assignedTo('${principalId}')`), [at]);
      assert.deepEqual((await names("roleAssignments", `principalId eq '${principalId}'`)).toSorted(), [at, under]);
      assert.deepEqual(await names("roleAssignments", `assignedTo('${principalId}')`, cloud.id(network)), [at, under]);
      assert.deepEqual(await names("roleAssignments", `principalId eq '${reader}'`), []);
    });

    for (const [filter, named] of [
      ["atScope() and principalId eq '33333333-3333-4333-8333-333333333333'", "principalId"],
      ["roleDefinitionId eq 'x'", "roleDefinitionId"],
      ["assignedTo(me)", "assignedTo"],
    ] as const) {
      it(`refuses the filter ${filter} of assignments`, async () => {
        const path = `${cloud.group}/providers/${assignments}?$filter=${encodeURIComponent(filter)}`;
        assert.equal(
          await cloud.refusal("GET", path),
          `400 UnsupportedQuery: The filter '${named}' is not supported. Supported filters are either 'atScope()' or 'principalId eq '{value}' or assignedTo('{value}')'.`,
        );
      });
    }

    it("refuses a filter of roles that Azure does not know", async () => {
      const path = `${cloud.group}/providers/Microsoft.Authorization/roleDefinitions?$filter=${encodeURIComponent("name eq 'Reader'")}`;
      assert.equal(
        await cloud.refusal("GET", path),
        "400 UnsupportedQuery: The filter 'name eq 'Reader'' is not supported. Supported filters are atScopeAndBelow(), roleName eq '{value}' and type eq '{value}'.",
      );
    });
  });
});
