import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { refuseUnfitAdoptions } from "../../program/adopted.ts";
import { ValidationError } from "../../components/shared/validate.ts";
import { recordProgram, subscriptionId } from "../components/recordedProgram.ts";
import { configOf } from "../stackConfig.ts";

const hub = `/subscriptions/${subscriptionId}/resourceGroups/hub/providers`;
const networkId = `${hub}/Microsoft.Network/virtualNetworks/hub`;
const spokeId = `${hub}/Microsoft.Network/virtualNetworks/spoke`;
const hostId = `${hub}/Microsoft.Network/bastionHosts/hub`;
const accountId = `${hub}/Microsoft.Storage/storageAccounts/central`;
const workspaceId = `${hub}/Microsoft.OperationalInsights/workspaces/central`;
const network = { existingVirtualNetworkId: networkId };
const subnets = {
  ...network,
  existingBastionSubnetId: `${networkId}/subnets/AzureBastionSubnet`,
  existingVmSubnetId: `${networkId}/subnets/vms`,
};
const vm = (name: string, more: object = {}) => ({ name, login: "entraId", ...more });

/** What Azure has, by the last part of the id. */
type Azure = Readonly<Record<string, Record<string, unknown>>>;

const azure: Azure = {
  hub: {
    id: networkId,
    location: "westeurope",
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    subnets: [
      { name: "AzureBastionSubnet", addressPrefix: "10.0.0.0/26" },
      { name: "vms", addressPrefix: "10.0.1.0/29", ipConfigurations: [] },
    ],
  },
  spoke: {
    id: spokeId,
    location: "westeurope",
    subnets: [{ name: "apps", addressPrefixes: ["10.9.0.0/29"], ipConfigurations: [] }],
    virtualNetworkPeerings: [{ remoteVirtualNetwork: { id: networkId }, peeringState: "Connected" }],
  },
  "bastion:hub": {
    id: hostId,
    location: "westeurope",
    sku: { name: "Premium" },
    ipConfigurations: [{ subnet: { id: `${networkId}/subnets/AzureBastionSubnet` } }],
  },
  "account:central": { id: accountId, location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } },
  "workspace:central": { id: workspaceId },
};

/** Fails a lookup as the engine does, in azure-native's words. */
function fail(answer: string): never {
  const details = `invocation of azure-native:a:getB returned an error: ${answer}`;
  throw Object.assign(new Error(details), { code: 2, details });
}
const notFound = () => fail('Status=404 Code="ResourceNotFound" Message="It was not found."');

/** The Network Watcher that Azure makes with the first network of a region. */
const watchers: Azure = {
  NetworkWatcher_westeurope: {
    id: `/subscriptions/${subscriptionId}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/NetworkWatcher_westeurope`,
    location: "westeurope",
  },
};

/** What the config is refused with; nothing may be registered. */
async function problemsOf(
  values: Record<string, unknown>,
  present: Azure = azure,
  watching: Azure = watchers,
): Promise<string[]> {
  const get = (name: string): Record<string, unknown> => present[name] ?? notFound();
  const config = configOf({ location: "westeurope", namePrefix: "trail", ...values });
  let problems: string[] = [];
  const { resources } = await recordProgram(
    async () => {
      try {
        await refuseUnfitAdoptions(config);
      } catch (error) {
        assert.ok(error instanceof ValidationError, String(error));
        problems = error.problems.map(({ key, value, reason }) => `${key} is ${JSON.stringify(value)}; ${reason}`);
      }
      return {};
    },
    {
      functions: {
        "azure-native:network:getVirtualNetwork": ({ virtualNetworkName }) => get(String(virtualNetworkName)),
        "azure-native:network:getNetworkWatcher": ({ networkWatcherName }) =>
          watching[String(networkWatcherName)] ?? notFound(),
        "azure-native:network:getBastionHost": ({ bastionHostName }) => get(`bastion:${String(bastionHostName)}`),
        "azure-native:storage:getStorageAccount": ({ accountName }) => get(`account:${String(accountName)}`),
        "azure-native:operationalinsights:getWorkspace": ({ workspaceName }) =>
          get(`workspace:${String(workspaceName)}`),
        "azure-native:keyvault:getVault": ({ vaultName }) => get(`vault:${String(vaultName)}`),
        "azure-native:resources:getResourceGroup": ({ resourceGroupName }) => get(`group:${String(resourceGroupName)}`),
      },
    },
  );
  assert.deepEqual(resources, []);
  return problems;
}

describe("what a stack adopts", () => {
  it("is not looked up where there is nothing", async () => {
    assert.deepEqual(await problemsOf({ vms: [vm("web")] }, {}), []);
  });

  it("passes when it fits", async () => {
    const all = {
      ...subnets,
      existingBastionHostId: hostId,
      existingStorageAccountId: accountId,
      existingWorkspaceId: workspaceId,
      vms: [vm("web"), vm("app", { subnetId: `${spokeId}/subnets/apps` })],
    };
    assert.deepEqual(await problemsOf(all), []);
  });

  it("is refused with everything that is missing", async () => {
    const missing = "not found in the provider's subscription";
    const values = {
      ...subnets,
      existingBastionHostId: hostId,
      existingStorageAccountId: accountId,
      existingWorkspaceId: workspaceId,
      vms: [vm("web"), vm("app", { subnetId: `${spokeId}/subnets/apps` })],
    };
    assert.deepEqual(await problemsOf(values, {}), [
      `bastion-trail:existingVirtualNetworkId is "${networkId}"; ${missing}`,
      `bastion-trail:existingBastionHostId is "${hostId}"; ${missing}`,
      `bastion-trail:existingStorageAccountId is "${accountId}"; ${missing}`,
      `bastion-trail:existingWorkspaceId is "${workspaceId}"; ${missing}`,
      `bastion-trail:vms[1].subnetId is "${spokeId}/subnets/apps"; ${missing}`,
    ]);
  });

  it("is refused with the subnets that its network does not have", async () => {
    const empty = { ...azure, hub: { ...azure.hub, subnets: [] } };
    assert.deepEqual(await problemsOf({ ...subnets, vms: [vm("web")] }, empty), [
      `bastion-trail:existingBastionSubnetId is "${subnets.existingBastionSubnetId}"; ${networkId} has no such subnet`,
      `bastion-trail:existingVmSubnetId is "${subnets.existingVmSubnetId}"; ${networkId} has no such subnet`,
    ]);
  });

  it("is refused in the wrong region", async () => {
    const elsewhere = Object.fromEntries(
      Object.entries(azure).map(([name, live]) => [name, { ...live, location: "northeurope" }]),
    );
    const values = {
      ...subnets,
      existingStorageAccountId: accountId,
      vms: [vm("web"), vm("app", { subnetId: `${spokeId}/subnets/apps` })],
    };
    const reason = "its network is in northeurope; VMs in westeurope require a network in the same region";
    assert.deepEqual(await problemsOf(values, elsewhere), [
      'bastion-trail:location is "westeurope"; the adopted network is in northeurope; Azure Bastion must be in the same region as its network',
      `bastion-trail:existingStorageAccountId is "${accountId}"; the account is in northeurope; it must be in the region of the Bastion host, westeurope`,
      `bastion-trail:existingVmSubnetId is "${subnets.existingVmSubnetId}"; ${reason}`,
      `bastion-trail:vms[1].subnetId is "${spokeId}/subnets/apps"; ${reason}`,
    ]);
  });

  describe("a network that has a subnet which the stack would create", () => {
    const values = { ...network, bastionSubnetPrefix: "10.0.2.0/26", vmSubnetPrefix: "10.0.3.0/24" };

    it("is refused at the first deployment", async () => {
      assert.deepEqual(await problemsOf(values), [
        'bastion-trail:bastionSubnetPrefix is "10.0.2.0/26"; the adopted network already has a subnet AzureBastionSubnet; set existingBastionSubnetId to use it',
        'bastion-trail:vmSubnetPrefix is "10.0.3.0/24"; the adopted network already has a subnet vms; set existingVmSubnetId to use it',
      ]);
    });

    it("is accepted later, when it is the stack's own", async () => {
      assert.deepEqual(await problemsOf(values, { ...azure, "group:trail": { name: "trail" } }), []);
    });
  });

  describe("a network that has a Bastion host", () => {
    const configurationOf = (host: string) => `${host}/bastionHostIpConfigurations/ip`;
    const withHost = (host: string): Azure => ({
      ...azure,
      hub: {
        ...azure.hub,
        subnets: [
          {
            name: "AzureBastionSubnet",
            addressPrefix: "10.0.0.0/26",
            ipConfigurations: [{ id: configurationOf(host) }],
          },
          { name: "vms", addressPrefix: "10.0.1.0/29", ipConfigurations: [] },
        ],
      },
    });
    const reason = `the network already has the Bastion host ${hostId}, and Azure allows only one; set existingBastionHostId to use it`;

    it("is refused for a second one", async () => {
      assert.deepEqual(await problemsOf(subnets, withHost(hostId)), [
        `bastion-trail:existingBastionSubnetId is "${subnets.existingBastionSubnetId}"; ${reason}`,
      ]);
      const developer = {
        ...network,
        existingVmSubnetId: subnets.existingVmSubnetId,
        bastionSku: "Developer",
        audit: false,
      };
      assert.deepEqual(await problemsOf(developer, withHost(hostId)), [
        `bastion-trail:existingVirtualNetworkId is "${networkId}"; ${reason}`,
      ]);
    });

    it("is accepted with that host, or with the stack's own", async () => {
      assert.deepEqual(await problemsOf({ ...subnets, existingBastionHostId: hostId }, withHost(hostId)), []);
      const own = `/subscriptions/${subscriptionId}/resourceGroups/Trail/providers/Microsoft.Network/bastionHosts/trail-bastion`;
      assert.deepEqual(await problemsOf(subnets, withHost(own)), []);
    });
  });

  describe("a VM subnet without room", () => {
    const interfaces = `/subscriptions/${subscriptionId}/resourceGroups/TRAIL/providers/Microsoft.Network/networkInterfaces`;
    const inUse = (...names: string[]): Azure => ({
      ...azure,
      hub: {
        ...azure.hub,
        subnets: [
          { name: "AzureBastionSubnet", addressPrefix: "10.0.0.0/26" },
          {
            name: "vms",
            addressPrefix: "10.0.1.0/29",
            ipConfigurations: names.map((name) => ({ id: `${interfaces}/${name}/ipConfigurations/internal` })),
          },
        ],
      },
    });
    const three = { ...subnets, vms: ["a", "b", "c"].map((name) => vm(name)) };

    it("is refused", async () => {
      assert.deepEqual(await problemsOf({ ...subnets, vms: ["a", "b", "c", "d"].map((name) => vm(name)) }), [
        `bastion-trail:existingVmSubnetId is "${subnets.existingVmSubnetId}"; has 3 usable addresses; the VMs need 4; Azure reserves 5 addresses of each subnet`,
      ]);
      const spoke = ["a", "b", "c", "d"].map((name) => vm(name, { subnetId: `${spokeId}/subnets/apps` }));
      assert.deepEqual(await problemsOf({ ...subnets, vms: spoke }), [
        `bastion-trail:vms[0].subnetId is "${spokeId}/subnets/apps"; has 3 usable addresses; the VMs need 4; Azure reserves 5 addresses of each subnet`,
      ]);
    });

    it("counts what somebody else uses, but not the VMs' own addresses", async () => {
      assert.deepEqual(await problemsOf(three, inUse("A-nic", "b-nic", "c-nic")), []);
      assert.deepEqual(await problemsOf(three, inUse("a-nic", "old-nic")), [
        `bastion-trail:existingVmSubnetId is "${subnets.existingVmSubnetId}"; has 3 usable addresses, 1 of them in use; the VMs need 3; Azure reserves 5 addresses of each subnet`,
      ]);
    });
  });

  describe("a Bastion host", () => {
    const values = { ...subnets, existingBastionHostId: hostId };
    const host = (more: object): Azure => ({ ...azure, "bastion:hub": { ...azure["bastion:hub"], ...more } });

    it("is refused in another subnet than JIT opens ports to", async () => {
      const other = `${networkId}2/subnets/AzureBastionSubnet`;
      assert.deepEqual(await problemsOf(values, host({ ipConfigurations: [{ subnet: { id: other } }] })), [
        `bastion-trail:existingBastionHostId is "${hostId}"; the host is in ${other}, not in ${subnets.existingBastionSubnetId}`,
      ]);
    });

    it("is refused with the Developer SKU, if it is to be audited", async () => {
      assert.deepEqual(await problemsOf(values, host({ sku: { name: "Developer" }, ipConfigurations: [] })), [
        `bastion-trail:existingBastionHostId is "${hostId}"; the host has the Developer SKU, which emits no audit logs; auditing requires SKU Basic, Standard or Premium`,
      ]);
    });

    it("that records does not go with Entra ID login on Windows", async () => {
      const vms = [vm("web"), vm("desk", { os: "windows" })];
      assert.deepEqual(await problemsOf({ ...values, vms }, host({ enableSessionRecording: true })), [
        'bastion-trail:vms[1].login is "entraId"; not possible on windows while Bastion records sessions: its Entra ID login for RDP cannot be recorded',
      ]);
    });

    it("decides where the archive must be", async () => {
      assert.deepEqual(
        await problemsOf({ ...values, existingStorageAccountId: accountId }, host({ location: "northeurope" })),
        [
          `bastion-trail:existingStorageAccountId is "${accountId}"; the account is in westeurope; it must be in the region of the Bastion host, northeurope`,
        ],
      );
    });
  });

  describe("a vault for passwords", () => {
    const vaultId = `${hub}/Microsoft.KeyVault/vaults/passwords`;
    const vault = (location: string, enabledForDeployment: boolean): Azure => ({
      ...azure,
      "vault:passwords": { id: vaultId, location, properties: { enabledForDeployment } },
    });
    const values = { passwordVaultId: vaultId, vms: [vm("web")] };
    const behind = (networkAcls: object): Azure => ({
      "vault:passwords": {
        id: vaultId,
        location: "westeurope",
        properties: { enabledForDeployment: true, networkAcls },
      },
    });

    it("must let trusted services through its firewall", async () => {
      assert.deepEqual(await problemsOf(values, behind({ defaultAction: "Deny", bypass: "AzureServices" })), []);
      assert.deepEqual(await problemsOf(values, behind({ defaultAction: "Allow", bypass: "None" })), []);
      assert.deepEqual(await problemsOf(values, behind({ defaultAction: "Deny", bypass: "None" })), [
        `bastion-trail:passwordVaultId is "${vaultId}"; the vault's firewall must let trusted services in (az keyvault update --bypass AzureServices)`,
      ]);
    });

    it("must be in the VMs' region and enabled for deployment", async () => {
      assert.deepEqual(await problemsOf(values, vault("westeurope", true)), []);
      assert.deepEqual(await problemsOf(values, vault("northeurope", false)), [
        `bastion-trail:passwordVaultId is "${vaultId}"; the vault is in northeurope; it must be in the region of the VMs, westeurope`,
        `bastion-trail:passwordVaultId is "${vaultId}"; the vault must be enabled for deployment (az keyvault update --enabled-for-deployment)`,
      ]);
      assert.deepEqual(await problemsOf(values), [
        `bastion-trail:passwordVaultId is "${vaultId}"; not found in the provider's subscription`,
      ]);
    });
  });

  it("is refused when Azure finds something else of that name, or does not tell", async () => {
    const foreign = networkId.replace(subscriptionId, "99999999-0000-0000-0000-000000000000");
    assert.deepEqual(await problemsOf({ existingVirtualNetworkId: foreign, vmSubnetPrefix: "10.0.3.0/24" }), [
      `bastion-trail:existingVirtualNetworkId is "${foreign}"; must be in the provider's own subscription; the lookup there found ${networkId}`,
    ]);
    const denied: Azure = {
      get "workspace:central"(): never {
        return fail('Status=403 Code="AuthorizationFailed" Message="The client may not read it."');
      },
      get "account:central"(): never {
        return fail(
          "GET https://management.azure.com/x\n---\nRESPONSE 404: 404 Not Found\nERROR CODE: ResourceNotFound\n---",
        );
      },
    };
    const values = { existingWorkspaceId: workspaceId, existingStorageAccountId: accountId };
    assert.deepEqual(await problemsOf(values, denied), [
      `bastion-trail:existingStorageAccountId is "${accountId}"; not found in the provider's subscription`,
      `bastion-trail:existingWorkspaceId is "${workspaceId}"; cannot be read: Status=403 Code="AuthorizationFailed" Message="The client may not read it."`,
    ]);
  });

  it("is a warning when the network of a VM is not peered", async () => {
    const warnings: string[] = [];
    const { warn } = pulumi.log;
    const log = pulumi.log as { warn: typeof warn };
    log.warn = (message) => Promise.resolve(void warnings.push(message));
    try {
      const unpeered = { ...azure, spoke: { ...azure.spoke, virtualNetworkPeerings: [] } };
      const values = { ...subnets, vms: [vm("app", { subnetId: `${spokeId}/subnets/apps` })] };
      assert.deepEqual(await problemsOf(values, unpeered), []);
    } finally {
      log.warn = warn;
    }
    assert.deepEqual(warnings, [
      `bastion-trail:vms[0].subnetId: ${spokeId} is not peered with ${networkId}; Bastion cannot reach VMs in it.`,
    ]);
  });

  describe("a Network Watcher", () => {
    it("is refused where the region of an adopted network has none", async () => {
      const missing =
        "networkWatcherId is undefined; Network Watcher NetworkWatcher_westeurope in NetworkWatcherRG: not found in the " +
        "provider's subscription; create it (az network watcher configure --enabled true --resource-group " +
        "NetworkWatcherRG --locations westeurope), name another one, or switch the flow logs off";
      assert.deepEqual(await problemsOf(subnets, azure, {}), [`bastion-trail:${missing}`]);
      assert.deepEqual(await problemsOf({ ...subnets, flowLogs: "off" }, azure, {}), []);
    });

    it("of a network that the stack creates is left to Azure", async () => {
      assert.deepEqual(await problemsOf({}, azure, {}), []);
    });

    it("that the config names must be there, in the region of the stack", async () => {
      const id = `${hub}/Microsoft.Network/networkWatchers/central`;
      const named = { networkWatcherId: id };
      assert.deepEqual(await problemsOf(named), [
        `bastion-trail:networkWatcherId is "${id}"; not found in the provider's subscription`,
      ]);
      assert.deepEqual(await problemsOf(named, azure, { central: { id, location: "northeurope" } }), [
        `bastion-trail:networkWatcherId is "${id}"; it is in northeurope; it must be in the region of the flow logs, westeurope`,
      ]);
      assert.deepEqual(await problemsOf(named, azure, { central: { id, location: "West Europe" } }), []);
    });
  });
});
