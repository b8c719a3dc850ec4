import assert from "node:assert/strict";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { checkInputs, withDefaults } from "../../../../sandbox/bridge/azureNative/check.ts";
import { resourceTypes } from "../../../../sandbox/bridge/azureNative/resourceTypes.ts";
import { openSdkTypings } from "../../../../sandbox/bridge/azureNative/sdkTypings.ts";
import { unknown } from "../../../../sandbox/bridge/protocol.ts";
import type { Autonaming, CheckQuery } from "../../../../sandbox/bridge/provider.ts";
import { text } from "../fakeArm.ts";

const types = resourceTypes(openSdkTypings());
const locations: Readonly<Record<string, string>> = { rg: "westeurope" };

function complete(token: string, news: JsonObject, more: Partial<CheckQuery> = {}): Promise<JsonObject> {
  const query: CheckQuery = {
    urn: `urn:pulumi:dev::p::azure-native:${token}::trail`,
    olds: {},
    news,
    randomSeed: new Uint8Array([1, 2, 3]),
    autonaming: undefined,
    config: {},
    ...more,
  };
  return withDefaults(types.byToken(`azure-native:${token}`), query, (group) => Promise.resolve(locations[group]));
}

function reasons(token: string, inputs: JsonObject): string[] {
  return checkInputs(types.byToken(`azure-native:${token}`), inputs, types.typings).map(({ reason }) => reason);
}

describe("Defaults of the inputs", () => {
  it("are the location of the resource group and the API version", async () => {
    const inputs = { resourceGroupName: "rg", bastionHostName: "b" };
    assert.deepEqual(await complete("network:BastionHost", inputs), {
      ...inputs,
      location: "westeurope",
      azureApiVersion: "2024-05-01",
    });
  });

  it("prefer the old location, then the provider's config, and leave it unknown with an unknown group", async () => {
    const inputs = { resourceGroupName: "rg", bastionHostName: "b" };
    const config = { location: "eastus" };
    const old = await complete("network:BastionHost", inputs, { olds: { location: "uksouth" }, config });
    assert.equal(old.location, "uksouth");
    assert.equal((await complete("network:BastionHost", inputs, { config })).location, "eastus");
    const later = await complete("network:BastionHost", { ...inputs, resourceGroupName: unknown });
    assert.equal(later.location, unknown);
  });

  it("name a top-level resource with eight random digits, the same in preview and up", async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => complete("network:BastionHost", { resourceGroupName: "rg" })),
    );
    assert.match(text(first, "bastionHostName"), /^trail[0-9a-f]{8}$/);
    assert.equal(first?.__createBeforeDelete, true);
    assert.deepEqual(first, second);
  });

  it("name a child as the program calls it, and a role assignment by a GUID", async () => {
    const rule = await complete("network:SecurityRule", { resourceGroupName: "rg", networkSecurityGroupName: "n" });
    assert.equal(rule.securityRuleName, "trail");
    assert.equal(rule.__createBeforeDelete, undefined);
    const role = await complete("authorization:RoleAssignment", { scope: "/subscriptions/s" });
    assert.match(text(role, "roleAssignmentName"), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it("keep the old name, and follow the engine's autonaming", async () => {
    const named = async (autonaming?: Autonaming, olds: JsonObject = {}): Promise<unknown> =>
      (await complete("resources:ResourceGroup", { location: "x" }, { autonaming, olds })).resourceGroupName;
    assert.equal(await named(undefined, { resourceGroupName: "old" }), "old");
    assert.equal(await named({ mode: "propose", proposedName: "proposed" }), "proposed");
    assert.equal(await named({ mode: "enforce", proposedName: "enforced" }), "enforced");
    assert.equal(await named({ mode: "disable", proposedName: "" }), undefined);
  });
});

describe("The check of the inputs", () => {
  it("names every missing member at once, also nested ones", () => {
    assert.deepEqual(reasons("storage:StorageAccount", { networkRuleSet: { ipRules: [{}] } }), [
      "missing required property 'resourceGroupName'",
      "missing required property 'accountName'",
      "missing required property 'kind'",
      "missing required property 'networkRuleSet.defaultAction'",
      "missing required property 'networkRuleSet.ipRules[0].iPAddressOrRange'",
      "missing required property 'sku'",
    ]);
  });

  it("names every string, number and array in the place of something else", () => {
    const inputs = { resourceGroupName: "rg", bastionHostName: 1, scaleUnits: "2", zones: "1", sku: ["Basic"] };
    assert.deepEqual(reasons("network:BastionHost", inputs), [
      "'bastionHostName' should be of type 'string' but got a number",
      "'scaleUnits' should be of type 'integer' but got a string",
      "'sku' should be of type 'object' but got an array",
      "'zones' should be of type 'array' but got a string",
    ]);
  });

  it("leaves other wrong types and the values of maps to Azure, as azure-native does", () => {
    const inputs = { resourceGroupName: "rg", location: true, dnsName: {}, tags: { a: 1 } };
    assert.deepEqual(reasons("network:BastionHost", { ...inputs, bastionHostName: "b" }), []);
  });

  it("checks the length of a string in bytes, and its pattern, also of an empty one", () => {
    const account = { resourceGroupName: "rg", kind: "StorageV2", sku: { name: "Standard_LRS" } };
    assert.deepEqual(reasons("storage:StorageAccount", { ...account, accountName: "" }), [
      "'accountName' is too short (0): at least 3 characters required",
      "'accountName' does not match expression '^[a-z0-9]+$'",
    ]);
    assert.deepEqual(reasons("storage:StorageAccount", { ...account, accountName: "é".repeat(13) }), [
      "'accountName' is too long (26): at most 24 characters allowed",
      "'accountName' does not match expression '^[a-z0-9]+$'",
    ]);
    assert.deepEqual(reasons("resources:ResourceGroup", { resourceGroupName: "a b" }), [
      "'resourceGroupName' does not match expression '^[-\\w\\._\\(\\)]+$'",
    ]);
  });

  it("checks the range of a number, and that an integer is one, also deep in a list", () => {
    const host = { resourceGroupName: "rg", bastionHostName: "b" };
    assert.deepEqual(reasons("network:BastionHost", { ...host, scaleUnits: 51 }), [
      "'scaleUnits' is too high (51.000000 > 50.000000)",
    ]);
    assert.deepEqual(reasons("network:BastionHost", { ...host, scaleUnits: 1.5 }), [
      "'scaleUnits' must be an integer but got 1.500000",
      "'scaleUnits' is too low (1.500000 < 2.000000)",
    ]);
    const port = { number: 65_536, protocol: "TCP", maxRequestAccessDuration: "PT1H" };
    const policy = { resourceGroupName: "rg", ascLocation: "westeurope", jitNetworkAccessPolicyName: "jit" };
    assert.deepEqual(
      reasons("security:JitNetworkAccessPolicy", { ...policy, virtualMachines: [{ id: "/vm", ports: [port] }] }),
      ["'virtualMachines[0].ports[0].number' is too high (65536.000000 > 65535.000000)"],
    );
  });

  it("refuses requests of JIT that lack what the schema requires, wherever they came from", () => {
    const policy = {
      resourceGroupName: "rg",
      ascLocation: "x",
      jitNetworkAccessPolicyName: "jit",
      virtualMachines: [],
    };
    const port = { number: 22, endTimeUtc: "2026-01-01T00:00:00Z", status: "Initiated" };
    const requests = [{ requestor: "ada", startTimeUtc: "", virtualMachines: [{ id: "/vm", ports: [port] }] }];
    assert.deepEqual(reasons("security:JitNetworkAccessPolicy", { ...policy, requests }), [
      "missing required property 'requests[0].virtualMachines[0].ports[0].statusReason'",
    ]);
  });

  it("lets pass what is not known yet, and settings of any kind", () => {
    const extension = { resourceGroupName: "rg", vmName: unknown, vmExtensionName: "e", settings: { any: [1, "x"] } };
    assert.deepEqual(reasons("compute:VirtualMachineExtension", extension), []);
  });
});
