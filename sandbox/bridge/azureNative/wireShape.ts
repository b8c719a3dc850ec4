import type { JsonObject } from "../../arm/json.ts";
import { words } from "../../words.ts";

/**
 * Where ARM stores a member. The SDK flattens `properties`: `addressPrefix` of a subnet is `properties.addressPrefix`
 * on the wire, while `name` is beside `properties`.
 */
export interface WireShape {
  /** Whether members outside the envelope are under `properties`. */
  readonly flattened: boolean;
  /** Envelope names that this type nevertheless has under `properties`. */
  readonly inProperties?: readonly string[];
  /** Members beside `properties` that are not part of the usual envelope. */
  readonly beside?: readonly string[];
  /** Members with another name or place on the wire, by SDK name. */
  readonly moved?: Readonly<Record<string, readonly string[]>>;
}

/** The members that ARM has beside `properties` (Azure Resource Manager, "Resource provider contract"). */
const envelope = new Set(
  words("id name type etag location tags sku kind zones identity plan extendedLocation managedBy systemData"),
);

/** Returns the path of a member on the wire. */
export function wirePath(shape: WireShape, member: string): readonly string[] {
  const moved = shape.moved?.[member];
  if (moved !== undefined) return moved;
  if (!shape.flattened || shape.beside?.includes(member) === true) return [member];
  return envelope.has(member) && shape.inProperties?.includes(member) !== true ? [member] : ["properties", member];
}

const identity: WireShape = { flattened: false };
const flattened: WireShape = { flattened: true };

/**
 * Nested types that differ between the wire and the SDK, by SDK name without `Args` or `Response`. All others are the
 * same. Source: the client-flattened members of the Microsoft.Network, Microsoft.Compute and Microsoft.Storage REST
 * specs; tests compare the network ones with @azure/arm-network.
 */
const nested: Readonly<Record<string, WireShape>> = {
  ...Object.fromEntries(
    words(`
      ApplicationGatewayBackendAddressPool ApplicationGatewayIPConfiguration ApplicationSecurityGroup
      BastionHostIPConfiguration Delegation FlowLog FrontendIPConfiguration IPConfiguration IPConfigurationProfile
      InboundNatRule LoadBalancerBackendAddress NatGateway NetworkInterface NetworkInterfaceIPConfiguration
      NetworkInterfaceTapConfiguration NetworkSecurityGroup PrivateEndpoint PrivateEndpointConnection
      PrivateEndpointIPConfiguration PrivateLinkService PrivateLinkServiceConnection PrivateLinkServiceIpConfiguration
      PublicIPAddress ResourceNavigationLink Route RouteTable SecurityRule ServiceAssociationLink
      ServiceEndpointPolicy ServiceEndpointPolicyDefinition Subnet VirtualNetworkPeering
      VirtualNetworkPeeringVirtualNetwork VirtualNetworkTap
    `).map((type) => [`network.${type}`, flattened]),
  ),
  "network.BackendAddressPool": { flattened: true, inProperties: ["location"] },
  "network.IpamPoolPrefixAllocation": { flattened: false, moved: { id: ["pool", "id"] } },
  "compute.NetworkInterfaceReference": flattened,
  "compute.VirtualMachineExtension": flattened,
  "compute.VirtualMachineNetworkInterfaceConfiguration": flattened,
  "compute.VirtualMachineNetworkInterfaceIPConfiguration": flattened,
  "compute.VirtualMachinePublicIPAddressConfiguration": flattened,
  "storage.Encryption": {
    flattened: false,
    moved: { keyVaultProperties: ["keyvaultproperties"], encryptionIdentity: ["identity"] },
  },
  "storage.EncryptionIdentity": {
    flattened: false,
    moved: {
      encryptionUserAssignedIdentity: ["userAssignedIdentity"],
      encryptionFederatedIdentityClientId: ["federatedIdentityClientId"],
    },
  },
  "storage.IPRule": { flattened: false, moved: { iPAddressOrRange: ["value"] } },
  "storage.ImmutabilityPolicyProperties": { flattened: true, beside: ["updateHistory"] },
  "storage.KeyVaultProperties": {
    flattened: false,
    moved: { keyName: ["keyname"], keyVaultUri: ["keyvaulturi"], keyVersion: ["keyversion"] },
  },
  "storage.PrivateEndpointConnection": flattened,
  "storage.VirtualNetworkRule": { flattened: false, moved: { virtualNetworkResourceId: ["id"] } },
};

/** Returns the shape of a nested SDK type, for example `network.SubnetArgs`. */
export function nestedShape(name: string): WireShape {
  return nested[name.replace(/(Args|Response)$/, "")] ?? identity;
}

/** Returns the value at a path, or undefined. */
export function valueAt(body: JsonObject, path: readonly string[]): JsonObject[string] | undefined {
  let value: JsonObject[string] | undefined = body;
  for (const step of path) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    value = value[step];
  }
  return value;
}

/** Sets the value at a path, creating the objects on the way. */
export function setAt(body: JsonObject, path: readonly string[], value: JsonObject[string]): void {
  let target = body;
  for (const step of path.slice(0, -1)) {
    const next = target[step];
    if (typeof next === "object" && next !== null && !Array.isArray(next)) target = next;
    else {
      const made: JsonObject = {};
      target[step] = made;
      target = made;
    }
  }
  const last = path.at(-1);
  if (last !== undefined) target[last] = value;
}
