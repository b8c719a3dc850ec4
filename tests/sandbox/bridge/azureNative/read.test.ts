import assert from "node:assert/strict";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { group, host, hostId, nsg, nsgId, PluginBench, urn, vnetId } from "./pluginBench.ts";

describe("The azure-native plugin reads", () => {
  const bench = PluginBench.ofSuite();

  const read = (type: string, id: string, oldState: JsonObject, oldInputs?: JsonObject) =>
    bench.plugin.read({ urn: urn(type), id, oldState, oldInputs }, bench.context);

  it("a resource that is gone as none", async () => {
    assert.equal(await read("network:BastionHost", hostId, { name: "b" }, host), undefined);
  });

  it("what changed in Azure into the inputs, and what Azure chose not", async () => {
    const body = { id: hostId, location: "westeurope", properties: { scaleUnits: 5, enableTunneling: false } };
    bench.arm.hold(body);
    const oldState = { location: "westeurope", scaleUnits: 2, enableTunneling: false };
    const found = await read("network:BastionHost", hostId, oldState, { ...host, scaleUnits: 2 });
    assert.deepEqual(found?.inputs, { ...host, scaleUnits: 5 });
    assert.equal(found.state.enableTunneling, false);
  });

  it("a network rule set at its default in full, because azure-native then compares it with none", async () => {
    const id = `${group}/providers/Microsoft.Storage/storageAccounts/sa`;
    const full = { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] };
    bench.arm.hold({ id, properties: { networkAcls: full } });
    const inputs = { resourceGroupName: "rg", accountName: "sa", networkRuleSet: { defaultAction: "Allow" } };
    const found = await read("storage:StorageAccount", id, { networkRuleSet: full }, inputs);
    assert.deepEqual(found?.inputs.networkRuleSet, full);
  });

  it("rules of JIT into the outputs, not into the inputs", async () => {
    const rules = [{ name: "JITRule", properties: { priority: 100 } }];
    bench.arm.hold({ id: nsgId, location: "westeurope", properties: { securityRules: rules } });
    const found = await read("network:NetworkSecurityGroup", nsgId, { location: "westeurope", securityRules: [] }, nsg);
    assert.deepEqual(found?.inputs, nsg);
    assert.deepEqual(found.state.securityRules, [{ name: "JITRule", priority: 100 }]);
  });

  it("requests of JIT into the inputs as well, and reports them in spite of ignoreChanges", async () => {
    const id = `${group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/jit`;
    const requests = [{ requestor: "ada", startTimeUtc: "2026-01-01T00:00:00Z", virtualMachines: [] }];
    bench.arm.hold({ id, properties: { virtualMachines: [], requests } });
    const inputs = { resourceGroupName: "rg", ascLocation: "westeurope", jitNetworkAccessPolicyName: "jit" };
    const olds = { ...inputs, virtualMachines: [], azureApiVersion: "2020-01-01" };
    const found = await read("security:JitNetworkAccessPolicy", id, { virtualMachines: [], requests: [] }, olds);
    assert.deepEqual(found?.inputs, { ...olds, requests });
    const at = urn("security:JitNetworkAccessPolicy");
    // A refresh compares what it read with what the program had said.
    const diff = bench.plugin.diff({ urn: at, oldInputs: found.inputs, oldState: found.state, news: olds });
    assert.deepEqual(diff.changes, { requests: { kind: "delete", replace: false } });
  });

  it("the inputs of an imported resource from its id and its body", async () => {
    const id = `${vnetId}/subnets/AzureBastionSubnet`;
    const body = {
      id,
      name: "AzureBastionSubnet",
      etag: "e",
      properties: { addressPrefix: "10.0.0.0/26", purpose: "x" },
    };
    bench.arm.hold(body);
    const found = await read("network:Subnet", id, {});
    assert.deepEqual(found?.inputs, {
      resourceGroupName: "rg",
      virtualNetworkName: "v",
      subnetName: "AzureBastionSubnet",
      name: "AzureBastionSubnet",
      addressPrefix: "10.0.0.0/26",
    });
    const news = { ...found.inputs, azureApiVersion: "2024-05-01" };
    const query = { urn: urn("network:Subnet"), oldInputs: found.inputs, oldState: found.state, news };
    assert.deepEqual(bench.plugin.diff(query).changes, {});
  });

  it("no empty lists and objects into the inputs of an imported resource", async () => {
    const properties = { securityRules: [], flushConnection: false, networkInterfaces: [] };
    bench.arm.hold({ id: nsgId, location: "westeurope", tags: {}, properties });
    const found = await read("network:NetworkSecurityGroup", nsgId, {});
    assert.deepEqual(found?.inputs, { ...nsg, flushConnection: false });
  });

  it("the inputs of an imported extension resource with a scope that has no slash at its start", async () => {
    const id = `${hostId}/providers/Microsoft.Insights/diagnosticSettings/audit`;
    bench.arm.hold({ id, properties: { logs: [{ category: "BastionAuditLogs", enabled: true }] } });
    const found = await read("monitor:DiagnosticSetting", id, {});
    assert.equal(found?.inputs.resourceUri, hostId.slice(1));
    const query = { oldInputs: found.inputs, oldState: found.state, news: { ...found.inputs, resourceUri: hostId } };
    assert.deepEqual(bench.plugin.diff({ urn: urn("monitor:DiagnosticSetting"), ...query }).replaces, ["resourceUri"]);
  });

  it("a resource that an interrupted run left without outputs, with its inputs as they were", async () => {
    bench.arm.hold({ id: hostId, properties: { enableTunneling: false } });
    const found = await read("network:BastionHost", hostId, {}, host);
    assert.deepEqual(found?.inputs, host);
  });

  it("no resource by an id of another type", async () => {
    bench.arm.hold({ id: vnetId });
    await assert.rejects(read("network:BastionHost", vnetId, {}), {
      message:
        `the id "${vnetId}" is not the id of a azure-native:network:BastionHost, which has the form /subscriptions/` +
        "{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/bastionHosts/{bastionHostName}",
    });
  });
});
