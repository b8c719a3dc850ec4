import assert from "node:assert/strict";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { unknown } from "../../../../sandbox/bridge/protocol.ts";
import { identity } from "../fakeArm.ts";
import { group, host, hostId, nsg, nsgId, PluginBench, urn, vnet, vnetId } from "./pluginBench.ts";

describe("The azure-native plugin", () => {
  const bench = PluginBench.ofSuite();

  describe("creates", () => {
    it("by PUT with a token, in ARM's wire form, and answers what a GET then shows", async () => {
      const inputs = {
        ...host,
        azureApiVersion: "2024-05-01",
        sku: { name: "Standard" },
        zones: ["1"],
        scaleUnits: 2,
        ipConfigurations: [{ name: "c", subnet: { id: "S" }, publicIPAddress: { id: "P" } }],
      };
      const { id, state } = await bench.create("network:BastionHost", inputs);
      assert.equal(id, hostId);
      assert.deepEqual(
        bench.arm.seen.map(({ method, path, apiVersion }) => `${method} ${path} ${apiVersion}`),
        ["GET", "PUT", "GET"].map((method) => `${method} ${hostId} 2024-05-01`),
      );
      assert.deepEqual(bench.sent("PUT"), {
        location: "westeurope",
        sku: { name: "Standard" },
        zones: ["1"],
        properties: {
          scaleUnits: 2,
          ipConfigurations: [{ name: "c", properties: { subnet: { id: "S" }, publicIPAddress: { id: "P" } } }],
        },
      });
      assert.match(bench.arm.seen[1]?.authorization ?? "", /^Bearer h\./);
      assert.deepEqual(state, {
        name: "b",
        type: "Fake/type",
        azureApiVersion: "2024-05-01",
        location: "westeurope",
        sku: { name: "Standard" },
        zones: ["1"],
        scaleUnits: 2,
        ipConfigurations: [{ name: "c", subnet: { id: "S" }, publicIPAddress: { id: "P" } }],
      });
    });

    it("with empty lists for what standalone resources fill", async () => {
      await bench.create("network:VirtualNetwork", vnet);
      assert.deepEqual(bench.sent("PUT"), {
        properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets: [], virtualNetworkPeerings: [] },
      });
    });

    it("an extension's own type under properties, and user-assigned identities as a map", async () => {
      const machine = { resourceGroupName: "rg", vmName: "vm" };
      await bench.create("compute:VirtualMachineExtension", {
        ...machine,
        vmExtensionName: "e",
        type: "AADSSHLoginForLinux",
      });
      assert.deepEqual(bench.sent("PUT"), { properties: { type: "AADSSHLoginForLinux" } });
      const ids = { type: "UserAssigned", userAssignedIdentities: ["/a", "/b"] };
      await bench.create("compute:VirtualMachine", { ...machine, identity: ids });
      assert.deepEqual(bench.sent("PUT"), {
        identity: { type: "UserAssigned", userAssignedIdentities: { "/a": {}, "/b": {} } },
      });
    });

    it("at a scope that is an id of its own", async () => {
      const { id } = await bench.create("monitor:DiagnosticSetting", {
        resourceUri: `${hostId}/`,
        name: "audit",
        logs: [],
      });
      assert.equal(id, `${hostId}/providers/Microsoft.Insights/diagnosticSettings/audit`);
    });

    it("nothing that is there already", async () => {
      bench.arm.hold({ id: vnetId });
      await assert.rejects(bench.create("network:VirtualNetwork", vnet), {
        message: `cannot create already existing resource '${vnetId}'`,
      });
    });

    it("no Defender plan, because Azure shows one for every subscription already", async () => {
      const scopeId = `/subscriptions/${identity.subscriptionId}`;
      const id = `${scopeId}/providers/Microsoft.Security/pricings/VirtualMachines`;
      bench.arm.hold({ id, properties: { pricingTier: "Free" } });
      await assert.rejects(
        bench.create("security:Pricing", { scopeId, pricingName: "VirtualMachines", pricingTier: "Standard" }),
        { message: `cannot create already existing resource '${id}'` },
      );
    });

    it("blob service properties over those that every account has, and deletes them by putting the defaults back", async () => {
      const account = { resourceGroupName: "rg", accountName: "sa" };
      const id = `${group}/providers/Microsoft.Storage/storageAccounts/sa/blobServices/default`;
      bench.arm.hold({ id, properties: { isVersioningEnabled: true } });
      const inputs = { ...account, blobServicesName: "default", isVersioningEnabled: true };
      const made = await bench.create("storage:BlobServiceProperties", inputs);
      assert.equal(made.id, id);
      await bench.delete("storage:BlobServiceProperties", id);
      assert.deepEqual(bench.sent("PUT"), {});
      assert.ok(bench.arm.seen.every(({ method }) => method !== "DELETE"));
    });

    it("an immutability policy over Azure's empty one only", async () => {
      const account = {
        resourceGroupName: "rg",
        accountName: "sa",
        containerName: "c",
        immutabilityPolicyName: "default",
      };
      const containers = `${group}/providers/Microsoft.Storage/storageAccounts/sa/blobServices/default/containers`;
      const id = `${containers}/c/immutabilityPolicies/default`;
      const inputs = { ...account, immutabilityPeriodSinceCreationInDays: 7 };
      const empty = { id, etag: "", properties: { immutabilityPeriodSinceCreationInDays: 0, state: "Deleted" } };
      bench.arm.hold(empty);
      await bench.create("storage:BlobContainerImmutabilityPolicy", inputs);
      const exists = { message: `cannot create already existing subresource '${id}'` };
      await assert.rejects(bench.create("storage:BlobContainerImmutabilityPolicy", inputs), exists);
      // Anything writable beside the default body counts as made, also what is off.
      const properties = { immutabilityPeriodSinceCreationInDays: 0, allowProtectedAppendWrites: false };
      bench.arm.hold({ id, properties });
      await assert.rejects(bench.create("storage:BlobContainerImmutabilityPolicy", inputs), exists);
    });
  });

  describe("updates", () => {
    it("and loses a security rule that is written between its GET and its PUT", async () => {
      const [old, late] = ["Old", "JITRule"].map((name) => ({ name, properties: { priority: 100 } }));
      const now = { id: nsgId, properties: { securityRules: [old!, late!] } };
      bench.arm.hold(now);
      // The GET sees the group as it was before Defender's write.
      bench.arm.fault("GET", nsgId, { status: 200, body: { id: nsgId, properties: { securityRules: [old!] } } });
      const state = await bench.update("network:NetworkSecurityGroup", nsgId, { ...nsg, tags: { a: "b" } });
      assert.deepEqual(state.securityRules, [{ name: "Old", priority: 100 }]);
    });

    it("and keeps live security rules that the program does not set, such as those of JIT", async () => {
      const rule = { name: "JITRule", properties: { priority: 100 } };
      bench.arm.hold({ id: nsgId, properties: { securityRules: [rule] } });
      await bench.update("network:NetworkSecurityGroup", nsgId, { ...nsg, tags: { a: "b" } });
      assert.deepEqual(bench.sent("PUT"), {
        location: "westeurope",
        tags: { a: "b" },
        properties: { securityRules: [rule] },
      });
    });

    it("and puts a network rule set back that the program no longer sets", async () => {
      const account = { resourceGroupName: "rg", accountName: "sa", kind: "StorageV2" };
      const id = `${group}/providers/Microsoft.Storage/storageAccounts/sa`;
      await bench.update("storage:StorageAccount", id, account, { networkRuleSet: { defaultAction: "Deny" } });
      assert.deepEqual(bench.sent("PUT"), {
        kind: "StorageV2",
        properties: {
          networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
        },
      });
    });

    it("and warns when the resource cannot be read afterwards", async () => {
      bench.arm.fault("GET", hostId, { status: 403, body: { error: { code: "AuthorizationFailed", message: "No." } } });
      const state = await bench.update("network:BastionHost", hostId, host);
      assert.equal(state.name, "b");
      assert.deepEqual(bench.warnings, [
        `${urn("network:BastionHost")}: Failed to read resource after Update: Status=403 Code="AuthorizationFailed" Message="No."`,
      ]);
    });
  });

  describe("in a preview", () => {
    it("knows the outputs that are inputs; all other ones are unknown", async () => {
      const inputs = { ...host, scaleUnits: unknown, ipConfigurations: [{ name: "c", subnet: { id: unknown } }] };
      const { id, state } = await bench.plugin.create(
        { urn: urn("network:BastionHost"), inputs, preview: true },
        bench.context,
      );
      assert.equal(id, "");
      assert.equal(state.location, "westeurope");
      assert.equal(state.scaleUnits, unknown);
      assert.equal(state.name, unknown);
      assert.equal(state.dnsName, unknown);
      const [configuration] = state.ipConfigurations as JsonObject[];
      assert.equal(configuration?.name, "c");
      assert.deepEqual(configuration.subnet, { id: unknown });
      assert.equal(configuration.provisioningState, unknown);
      assert.deepEqual(bench.arm.seen, []);
    });

    it("keeps the name and the location through an update", async () => {
      const state = await bench.plugin.update(
        {
          urn: urn("network:BastionHost"),
          id: hostId,
          inputs: host,
          preview: true,
          oldState: { name: "b", location: "westeurope", dnsName: "d" },
          oldInputs: {},
        },
        bench.context,
      );
      assert.equal(state.name, "b");
      assert.equal(state.dnsName, unknown);
    });
  });
});
