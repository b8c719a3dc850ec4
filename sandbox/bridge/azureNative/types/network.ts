import type { ResourceTypeRow } from "../resourceTypeRow.ts";
import { integer } from "../valueRules.ts";

const provider = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network";
const longRunning = { put: true, delete: true };

export const networkTypes: readonly ResourceTypeRow[] = [
  {
    type: "network.VirtualNetwork",
    path: `${provider}/virtualNetworks/{virtualNetworkName}`,
    forceNew: ["location"],
    longRunning,
  },
  {
    type: "network.Subnet",
    path: `${provider}/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`,
    longRunning,
  },
  {
    type: "network.NetworkSecurityGroup",
    path: `${provider}/networkSecurityGroups/{networkSecurityGroupName}`,
    longRunning,
  },
  {
    type: "network.SecurityRule",
    path: `${provider}/networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}`,
    valueRules: { priority: integer },
    longRunning,
  },
  {
    type: "network.PublicIPAddress",
    path: `${provider}/publicIPAddresses/{publicIpAddressName}`,
    forceNew: ["location", "publicIPAddressVersion", "publicIPPrefix", "sku"],
    valueRules: { idleTimeoutInMinutes: integer },
    longRunning,
  },
  {
    type: "network.BastionHost",
    path: `${provider}/bastionHosts/{bastionHostName}`,
    valueRules: { scaleUnits: { integer: true, minimum: 2, maximum: 50 } },
    longRunning,
  },
  { type: "network.NetworkInterface", path: `${provider}/networkInterfaces/{networkInterfaceName}`, longRunning },
  {
    type: "network.NetworkWatcher",
    path: `${provider}/networkWatchers/{networkWatcherName}`,
    longRunning: { delete: true },
  },
  {
    type: "network.FlowLog",
    path: `${provider}/networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}`,
    longRunning,
  },
];
