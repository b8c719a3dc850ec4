import type { ResourceTypeRow } from "../resourceTypeRow.ts";
import { integer } from "../valueRules.ts";

const provider = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network";
const apiVersion = "2024-05-01";
const longRunning = { put: true, delete: true };

export const networkTypes: readonly ResourceTypeRow[] = [
  {
    type: "network.VirtualNetwork",
    apiVersion,
    path: `${provider}/virtualNetworks/{virtualNetworkName}`,
    forceNew: ["location"],
    longRunning,
  },
  {
    type: "network.Subnet",
    apiVersion,
    path: `${provider}/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`,
    longRunning,
  },
  {
    type: "network.NetworkSecurityGroup",
    apiVersion,
    path: `${provider}/networkSecurityGroups/{networkSecurityGroupName}`,
    longRunning,
  },
  {
    type: "network.SecurityRule",
    apiVersion,
    path: `${provider}/networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}`,
    valueRules: { priority: integer },
    longRunning,
  },
  {
    type: "network.PublicIPAddress",
    apiVersion,
    path: `${provider}/publicIPAddresses/{publicIpAddressName}`,
    forceNew: ["location", "publicIPAddressVersion", "publicIPPrefix", "sku"],
    valueRules: { idleTimeoutInMinutes: integer },
    longRunning,
  },
  {
    type: "network.BastionHost",
    apiVersion,
    path: `${provider}/bastionHosts/{bastionHostName}`,
    valueRules: { scaleUnits: { integer: true, minimum: 2, maximum: 50 } },
    longRunning,
  },
  {
    type: "network.NetworkInterface",
    apiVersion,
    path: `${provider}/networkInterfaces/{networkInterfaceName}`,
    longRunning,
  },
  {
    type: "network.NetworkWatcher",
    apiVersion,
    path: `${provider}/networkWatchers/{networkWatcherName}`,
    longRunning: { delete: true },
  },
  {
    type: "network.FlowLog",
    apiVersion,
    path: `${provider}/networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}`,
    longRunning,
  },
];
