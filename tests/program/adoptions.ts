/** What a stack adopts in an Azure of a few resources, and what it is refused with. */
import assert from "node:assert/strict";
import { refuseUnfitAdoptions } from "../../program/adopted.ts";
import { ValidationError } from "../../components/shared/validate.ts";
import { recordProgram, subscriptionId } from "../components/recordedProgram.ts";
import { configOf } from "../stackConfig.ts";
import { hub } from "./recordedStack.ts";

export const networkId = `${hub}/Microsoft.Network/virtualNetworks/hub`;
export const spokeId = `${hub}/Microsoft.Network/virtualNetworks/spoke`;
export const hostId = `${hub}/Microsoft.Network/bastionHosts/hub`;
export const accountId = `${hub}/Microsoft.Storage/storageAccounts/central`;
export const workspaceId = `${hub}/Microsoft.OperationalInsights/workspaces/central`;
export const network = { existingVirtualNetworkId: networkId };
export const subnets = {
  ...network,
  existingBastionSubnetId: `${networkId}/subnets/AzureBastionSubnet`,
  existingVmSubnetId: `${networkId}/subnets/vms`,
};
/** Everything that a stack can adopt. */
export const everything = {
  ...subnets,
  existingBastionHostId: hostId,
  existingStorageAccountId: accountId,
  existingWorkspaceId: workspaceId,
};
export const vm = (name: string, more: object = {}) => ({ name, login: "entraId", ...more });

/** What Azure has, by the last part of the id. */
export type Azure = Readonly<Record<string, Record<string, unknown>>>;

export const azure: Azure = {
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
export function fail(answer: string): never {
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
export async function problemsOf(
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
