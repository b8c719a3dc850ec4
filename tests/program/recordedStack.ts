import * as pulumi from "@pulumi/pulumi";
import deploy from "../../index.ts";
import { recordProgram, subscriptionId } from "../components/recordedProgram.ts";

export const tenantId = "99999999-8888-7777-6666-555555555555";
export const publicKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv somebody`;
export const hub = `/subscriptions/${subscriptionId}/resourceGroups/hub/providers`;
/** What azure-native tells of its login. */
export const clientConfig = { subscriptionId, tenantId, clientId: "c", objectId: "o" };
export const portal = "https://portal.azure.com/";

/**
 * Runs the program with the config of a stack named `test`, on a mocked Azure.
 * @param leftOut - names of resources that the update leaves out.
 */
export function run(
  config: Record<string, unknown>,
  provider: Record<string, string> = {},
  leftOut: readonly string[] = [],
) {
  return recordProgram(
    async () => {
      const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
      pulumi.runtime.setAllConfig(
        Object.fromEntries([
          ...Object.entries({ location: "westeurope", ...config }).map(
            ([key, value]) => [`bastion-trail:${key}`, text(value)] as const,
          ),
          ...Object.entries(provider).map(([key, value]) => [`azure-native:${key}`, value] as const),
        ]),
      );
      return await stored(await deploy());
    },
    {
      leftOut,
      outputs: (type, inputs) => {
        switch (type) {
          case "random:index/randomString:RandomString":
            return { result: "k3j9x2ab" };
          case "random:index/randomPassword:RandomPassword":
            return { result: "Generated-1" };
          case "azure-native:network:NetworkInterface":
            return { ipConfigurations: [{ name: "internal", privateIPAddress: "10.60.1.4" }] };
          case "azure-native:network:BastionHost":
            return { name: inputs.bastionHostName, dnsName: "bst-1.bastion.azure.com" };
          case "azure-native:compute:VirtualMachine":
            return { name: inputs.vmName };
          case "azure-native:storage:StorageAccount":
            return {
              name: inputs.accountName,
              primaryEndpoints: { blob: `https://${String(inputs.accountName)}.blob.core.windows.net/` },
            };
          case "azure-native:storage:BlobContainer":
            return { name: inputs.containerName };
          case "azure-native:managedidentity:UserAssignedIdentity":
            return { principalId: "6d1f0f7e-2f0a-4c3b-9a51-0f4a7e1c2b3d" };
          case "azure-native:operationalinsights:Workspace":
            return { customerId: "5a4e1b30-7c53-4b9c-9f0e-1d2c3b4a5f60" };
          default:
            return {};
        }
      },
      functions: {
        "azure-native:authorization:getClientConfig": () => clientConfig,
        "azure-native:authorization:getClientToken": () => ({ token: "secret-token" }),
        "azure-native:network:getVirtualNetwork": ({ virtualNetworkName }) => ({
          id: `${hub}/Microsoft.Network/virtualNetworks/${String(virtualNetworkName)}`,
          name: virtualNetworkName,
          location: "westeurope",
          addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
          subnets: [
            { name: "AzureBastionSubnet", addressPrefix: "10.0.0.0/26" },
            { name: "machines", addressPrefix: "10.0.1.0/24" },
          ],
        }),
        "azure-native:keyvault:getVault": ({ vaultName }) => ({
          id: `${hub}/Microsoft.KeyVault/vaults/${String(vaultName)}`,
          location: "westeurope",
          properties: { enabledForDeployment: true },
        }),
        "azure-native:resources:getResourceGroup": () => ({ name: "bastion-trail-test" }),
        "azure-native:network:getNetworkWatcher": ({ resourceGroupName, networkWatcherName }) => ({
          id: `/subscriptions/${subscriptionId}/resourceGroups/${String(resourceGroupName)}/providers/Microsoft.Network/networkWatchers/${String(networkWatcherName)}`,
          location: "westeurope",
        }),
        "azure-native:network:getSubnet": ({ subnetName, virtualNetworkName }) => ({
          id: `${hub}/Microsoft.Network/virtualNetworks/${String(virtualNetworkName)}/subnets/${String(subnetName)}`,
          name: subnetName,
          addressPrefix: subnetName === "AzureBastionSubnet" ? "10.0.0.0/26" : "10.0.1.0/24",
        }),
        "azure-native:network:getBastionHost": ({ bastionHostName }) => ({
          id: `${hub}/Microsoft.Network/bastionHosts/${String(bastionHostName)}`,
          name: bastionHostName,
          enableSessionRecording: bastionHostName === "recorder",
          location: "westeurope",
          dnsName: "bst-2.bastion.azure.com",
          sku: { name: "Standard" },
          ipConfigurations: [
            { subnet: { id: `${hub}/Microsoft.Network/virtualNetworks/hub/subnets/AzureBastionSubnet` } },
          ],
        }),
        "azure-native:storage:getStorageAccount": () => ({
          id: `${hub}/Microsoft.Storage/storageAccounts/centrallogs`,
          name: "centrallogs",
          location: "westeurope",
          kind: "StorageV2",
          sku: { name: "Standard_GRS", tier: "Standard" },
          primaryEndpoints: { blob: "https://centrallogs.blob.core.windows.net/" },
        }),
        "azure-native:operationalinsights:getWorkspace": () => ({
          id: `${hub}/Microsoft.OperationalInsights/workspaces/central`,
          name: "central",
          customerId: "c",
          location: "westeurope",
        }),
      },
    },
  );
}

/** Returns outputs as the engine stores them: each value on its own, `undefined` for one that is not known. */
async function stored(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) return (value as unknown as { promise(): Promise<unknown> }).promise();
  if (Array.isArray(value)) return Promise.all(value.map(stored));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(async ([key, member]) => [key, await stored(member)] as const);
  return Object.fromEntries(await Promise.all(members));
}

export const threeVms = [
  { name: "web", sshPublicKey: publicKey },
  { name: "db", login: "entraId", zone: "2", jitMaxDuration: "1h" },
  { name: "desk", os: "windows" },
];

/** Where the flow logs of the stack are. */
export const flowLogArchive = {
  account: "bastiontraiflowsk3j9x2ab",
  blobEndpoint: "https://bastiontraiflowsk3j9x2ab.blob.core.windows.net",
  container: "insights-logs-flowlogflowevent",
  blobPrefix: "flowLogResourceID=/",
};
