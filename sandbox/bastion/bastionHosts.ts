import { flagAt, numberAt, objectsAt, textAt } from "../arm/json.ts";
import { formatAddress, parsePrefix } from "../arm/types/network/addresses.ts";
import type { Resource, ResourceReader } from "../arm/resource.ts";
import { sameId, ownerIdOf } from "../arm/ids.ts";

const hostType = "Microsoft.Network/bastionHosts";

/** A Bastion host as seen by its data plane. */
export interface BastionView {
  readonly host: Resource;
  readonly sku: string;
  readonly virtualNetworkId: string;
  /** Source address of its connections. */
  readonly sourceAddress: string;
  readonly ready: boolean;
  /**
   * Maximum number of concurrent sessions (azure-docs, bastion/configuration-settings.md: 20 RDP or 40 SSH per
   * instance).
   */
  limitOf(protocol: "ssh" | "rdp"): number;
  readonly records: boolean;
}

/** Returns the host of a virtual network. The sandbox has no peerings, over which Azure reaches further ones. */
export function bastionFor(store: ResourceReader, virtualNetworkId: string): BastionView | undefined {
  const hosts = store.ofType(hostType).flatMap((host) => viewOf(store, host) ?? []);
  return hosts.find((host) => sameId(host.virtualNetworkId, virtualNetworkId));
}

function viewOf(store: ResourceReader, host: Resource): BastionView | undefined {
  const sku = textAt(host.body, "sku.name") ?? "Standard";
  const developer = sku === "Developer";
  const subnetId = textAt(objectsAt(host.body, "properties.ipConfigurations")[0], "properties.subnet.id");
  const virtualNetworkId = developer
    ? textAt(host.body, "properties.virtualNetwork.id")
    : subnetId === undefined
      ? undefined
      : ownerIdOf(subnetId);
  const sourceAddress = developer ? developerAddress : firstUsable(store, subnetId ?? "");
  if (virtualNetworkId === undefined || sourceAddress === undefined) return undefined;
  const units = developer ? 1 : (numberAt(host.body, "properties.scaleUnits") ?? 2);
  return {
    host,
    sku,
    virtualNetworkId,
    sourceAddress,
    ready: textAt(host.body, "properties.provisioningState") === "Succeeded",
    limitOf: (protocol) => units * (protocol === "ssh" ? 40 : 20),
    records: flagAt(host.body, "properties.enableSessionRecording") === true,
  };
}

/** Developer connections come from Azure's platform address (azure-docs, bastion/quickstart-developer.md). */
const developerAddress = "168.63.129.16";

/** Azure reserves the first four addresses of a subnet; Bastion's instances use the next ones. */
function firstUsable(store: ResourceReader, subnetId: string): string | undefined {
  const subnet = store.get(subnetId)?.body;
  const prefix = textAt(subnet, "properties.addressPrefix");
  const range = prefix === undefined ? undefined : parsePrefix(prefix);
  return range === undefined ? undefined : formatAddress(range.first + 4n, range.family);
}
