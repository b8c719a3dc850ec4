import assert from "node:assert/strict";
import { linkedNeeds } from "../../../../sandbox/arm/access/linkedNeeds.ts";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import type { ResourceReader } from "../../../../sandbox/arm/resource.ts";

const group = "/subscriptions/s/resourceGroups/g";
const nothing: ResourceReader = { get: () => undefined, childrenOf: () => [], ofType: () => [], all: () => [] };

/** The needs elsewhere as `action name-of-the-scope`. */
function needs(action: string, id: string, body: JsonObject, store = nothing): string[] {
  const need = { action, scope: `${group}/providers/${id}` };
  return linkedNeeds({ need, body, store }).map((linked) => `${linked.action} ${linked.scope.split("/").at(-1) ?? ""}`);
}

describe("what an operation needs of what it refers to", () => {
  it("is to join the subnet, the address and the group of a network interface", () => {
    const ipConfigurations: JsonObject[] = [
      { properties: { subnet: { id: `${group}/vms` }, publicIPAddress: { id: `${group}/ip` } } },
      { properties: { subnet: { id: `${group}/vms` } } },
    ];
    const body = { properties: { ipConfigurations, networkSecurityGroup: { id: `${group}/nsg` } } };
    assert.deepEqual(
      needs("microsoft.network/networkinterfaces/write", "Microsoft.Network/networkInterfaces/nic", body),
      [
        "Microsoft.Network/virtualNetworks/subnets/join/action vms",
        "Microsoft.Network/publicIPAddresses/join/action ip",
        "Microsoft.Network/networkSecurityGroups/join/action nsg",
      ],
    );
  });

  it("is to join the network of a Developer host", () => {
    const body = { properties: { virtualNetwork: { id: `${group}/net` } } };
    assert.deepEqual(needs("Microsoft.Network/bastionHosts/write", "Microsoft.Network/bastionHosts/b", body), [
      "Microsoft.Network/virtualNetworks/join/action net",
    ]);
  });

  it("is the keys of where diagnostic settings write", () => {
    const body = { properties: { workspaceId: `${group}/ws`, storageAccountId: `${group}/sa` } };
    assert.deepEqual(
      needs("Microsoft.Insights/diagnosticSettings/write", "Microsoft.Insights/diagnosticSettings/d", body),
      [
        "Microsoft.OperationalInsights/workspaces/sharedKeys/action ws",
        "Microsoft.Storage/storageAccounts/listKeys/action sa",
      ],
    );
  });

  it("is what Network Watcher's documentation lists for flow logs, and more with Traffic Analytics", () => {
    const id = "Microsoft.Network/networkWatchers/w/flowLogs/f";
    const properties = { storageId: `${group}/sa` };
    const own = [
      "Microsoft.Network/networkWatchers/configureFlowLog/action w",
      "Microsoft.Network/networkWatchers/queryFlowLogStatus/action w",
      "Microsoft.Storage/storageAccounts/listServiceSas/action sa",
      "Microsoft.Storage/storageAccounts/listAccountSas/action sa",
      "Microsoft.Storage/storageAccounts/listKeys/action sa",
    ];
    assert.deepEqual(needs("Microsoft.Network/networkWatchers/flowLogs/write", id, { properties }), own);
    const networkWatcherFlowAnalyticsConfiguration = { enabled: true, workspaceResourceId: `${group}/ws` };
    const withAnalytics = { ...properties, flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration } };
    const all = needs("Microsoft.Network/networkWatchers/flowLogs/write", id, { properties: withAnalytics });
    assert.deepEqual(all.slice(0, own.length), own);
    assert.deepEqual(all.slice(-2), [
      "Microsoft.OperationalInsights/workspaces/read ws",
      "Microsoft.OperationalInsights/workspaces/sharedKeys/action ws",
    ]);
    assert.equal(all.length, own.length + 11 + 6 + 2);
  });

  it("is to assign the identities that a resource gets", () => {
    const body = { identity: { userAssignedIdentities: { [`${group}/one`]: {}, [`${group}/two`]: {} } } };
    assert.deepEqual(needs("Microsoft.Compute/virtualMachines/write", "Microsoft.Compute/virtualMachines/vm", body), [
      "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action one",
      "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action two",
    ]);
  });

  it("is the disk that a VM makes, or takes with it", () => {
    const id = "Microsoft.Compute/virtualMachines/vm";
    const properties = { storageProfile: { osDisk: { createOption: "FromImage", deleteOption: "Delete" } } };
    assert.deepEqual(needs("Microsoft.Compute/virtualMachines/write", id, { properties }), [
      "Microsoft.Compute/disks/read g",
      "Microsoft.Compute/disks/write g",
    ]);
    const resource = { id: "", type: "", name: "", body: { properties }, etag: "", createdAt: "", changedAt: "" };
    const store = { ...nothing, get: () => resource };
    assert.deepEqual(needs("Microsoft.Compute/virtualMachines/delete", id, {}, store), [
      "Microsoft.Compute/disks/delete g",
    ]);
  });

  it("is to write the VMs of a JIT policy, and to deploy from a vault", () => {
    const policy = "Microsoft.Security/locations/l/jitNetworkAccessPolicies/p";
    const vms = { properties: { virtualMachines: [{ id: `${group}/web` }] } };
    assert.deepEqual(needs("Microsoft.Security/locations/jitNetworkAccessPolicies/write", policy, vms), [
      "Microsoft.Compute/virtualMachines/write web",
    ]);
    const settings = { properties: { protectedSettingsFromKeyVault: { sourceVault: { id: `${group}/kv` } } } };
    const extension = "Microsoft.Compute/virtualMachines/vm/extensions/x";
    assert.deepEqual(needs("Microsoft.Compute/virtualMachines/extensions/write", extension, settings), [
      "Microsoft.KeyVault/vaults/deploy/action kv",
    ]);
  });
});
