/**
 * Which address ranges Azure accepts for a virtual network and its two subnets. Pure rules; the resources are in
 * bastionNetwork.ts. Sources: "Azure Virtual Network FAQ" (azure-docs, virtual-networks-faq.md) for sizes and reserved
 * ranges, "Azure Bastion configuration settings" for `AzureBastionSubnet`.
 */
import { bastionSubnetName } from "@bastion-trail/core/rules/bastionSubnet";
import { containsIpv4Range, type Ipv4Range, parseIpv4Range } from "@bastion-trail/core/rules/ipv4Range";
import { isSame, nameIn } from "../shared/armId.ts";
import type { Problem } from "../shared/validate.ts";

/** Returns the reason why a subnet is not the one that Azure Bastion requires, if any. A malformed id has another problem. */
export function bastionSubnetNameProblems(key: string, subnetId: string): Problem[] {
  return isSame(nameIn(subnetId) ?? bastionSubnetName, bastionSubnetName)
    ? []
    : [{ key, value: subnetId, reason: `Azure Bastion requires a subnet named ${bastionSubnetName}` }];
}

/** Subnets that Azure reserves for one service by their names (virtual-network-for-azure-services.md). */
const reservedSubnets: ReadonlyMap<string, string> = new Map([
  [bastionSubnetName, "Azure Bastion"],
  ["GatewaySubnet", "virtual network gateways"],
  ["AzureFirewallSubnet", "Azure Firewall"],
  ["AzureFirewallManagementSubnet", "Azure Firewall"],
  ["RouteServerSubnet", "Azure Route Server"],
]);

/**
 * Returns the reason why no VM can be in a subnet, if any.
 * @param value - the subnet as it was given: its name, or its ARM id together with `name`.
 */
export function reservedSubnetProblems(key: string, value: string, name = value): Problem[] {
  return [...reservedSubnets]
    .filter(([reserved]) => isSame(name, reserved))
    .map(([reserved, service]) => ({ key, value, reason: `${reserved} is reserved for ${service}` }));
}

/**
 * `AzureBastionSubnet` must be /26 or larger for every host deployed since November 2, 2021
 * (configuration-settings.md).
 */
const longestBastionPrefix = 26;
/** Azure reserves the first four addresses and the last one of each subnet (virtual-networks-faq.md). */
const reservedAddresses = 5;
/** The smallest IPv4 subnet is therefore /29. */
const longestSubnetPrefix = 29;

/** Ranges that a virtual network cannot contain (virtual-networks-faq.md). */
const reservedRanges: ReadonlyMap<string, string> = new Map([
  ["224.0.0.0/4", "multicast"],
  ["255.255.255.255/32", "broadcast"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["168.63.129.16/32", "Azure's own DNS and health probes"],
]);

/**
 * Source address of Bastion Developer. It has no subnet; its shared pool reaches a VM from Azure's own address
 * (azure-docs, quickstart-developer.md: "your NSG rules must allow traffic ... from the private IP address
 * 168.63.129.16").
 */
export const developerSourcePrefix = "168.63.129.16/32";

/** A subnet that exists in the virtual network. */
export interface PresentSubnet {
  readonly name: string;
  readonly prefixes: readonly string[];
}

/** The configured address ranges. */
export interface SubnetPlan {
  readonly addressSpace: readonly string[];
  /** Absent if this subnet is not created. */
  readonly bastionSubnetPrefix?: string;
  /** Absent if this subnet is not created. */
  readonly vmSubnetPrefix?: string;
}

/** Returns every reason why Azure would refuse the plan for a new virtual network. */
export function subnetPlanProblems(plan: SubnetPlan): Problem[] {
  // Unless all ranges are valid, it is unknown which subnets are outside.
  const isKnown = plan.addressSpace.every((range) => parse(range) !== undefined);
  return [
    ...addressSpaceProblems(plan.addressSpace),
    ...subnetSizeProblems(plan),
    ...(isKnown ? outsideProblems(plan) : []),
  ];
}

/** Returns every reason why a planned subnet is invalid in any virtual network. */
export function subnetSizeProblems(plan: Omit<SubnetPlan, "addressSpace">): Problem[] {
  const { bastionSubnetPrefix, vmSubnetPrefix } = plan;
  const overlaps =
    bastionSubnetPrefix !== undefined && vmSubnetPrefix !== undefined && overlap(bastionSubnetPrefix, vmSubnetPrefix)
      ? [
          {
            key: "vmSubnetPrefix",
            value: vmSubnetPrefix,
            reason: `must not overlap bastionSubnetPrefix ${bastionSubnetPrefix}`,
          },
        ]
      : [];
  return [
    ...plannedSubnets(plan).flatMap(({ key, prefix, longest }) => cidrProblems(key, prefix, longest)),
    ...overlaps,
  ];
}

/**
 * Returns every reason why planned subnets, valid in themselves, do not fit an existing network.
 * @param present - the other subnets of the network, without those that the plan itself creates.
 */
export function adoptedNetworkProblems(plan: SubnetPlan, present: readonly PresentSubnet[]): Problem[] {
  const collisions = plannedSubnets(plan).flatMap(({ key, prefix }) =>
    present
      .filter((subnet) => subnet.prefixes.some((other) => overlap(prefix, other)))
      .map((subnet) => ({
        key,
        value: prefix,
        reason: `must not overlap the subnet ${subnet.name} (${subnet.prefixes.join(", ")}) of the virtual network`,
      })),
  );
  return [...outsideProblems(plan), ...collisions];
}

/**
 * Returns the reason why a subnet has no room for all VMs with one address each, if any. Azure would refuse the first
 * network interface beyond the limit (`SubnetIsFull`).
 * @param prefixes - ranges of the subnet. Only IPv4 ranges have room for VMs.
 * @param taken - number of addresses already in use.
 */
export function capacityProblems(key: string, prefixes: readonly string[], vms: number, taken = 0): Problem[] {
  if (prefixes.every((prefix) => parse(prefix) === undefined)) return [];
  const usable = prefixes.reduce((sum, prefix) => sum + usableAddresses(prefix), 0);
  if (vms <= usable - taken) return [];
  const free = taken === 0 ? `${usable} usable addresses` : `${usable} usable addresses, ${taken} of them in use`;
  return [
    {
      key,
      value: prefixes.length === 1 ? prefixes[0] : prefixes,
      reason: `has ${free}; the VMs need ${vms}; Azure reserves ${reservedAddresses} addresses of each subnet`,
    },
  ];
}

function usableAddresses(prefix: string): number {
  const parsed = parse(prefix);
  return parsed === undefined ? 0 : Math.max(0, 2 ** (32 - parsed.length) - reservedAddresses);
}

/** Returns the reason why Bastion cannot use an existing subnet, if any. */
export function adoptedBastionSubnetProblems(id: string, prefix: string): Problem[] {
  return isLongerThan(prefix, longestBastionPrefix)
    ? [
        {
          key: "existingBastionSubnetId",
          value: id,
          reason: `its range is ${prefix}; Azure Bastion requires /26 or larger`,
        },
      ]
    : [];
}

/** Returns the reason why Bastion cannot connect from a range, if any. JIT opens ports only to this range. */
export function bastionSourceProblems(key: string, prefix: string): Problem[] {
  return prefix === developerSourcePrefix ? [] : cidrProblems(key, prefix, 32);
}

function addressSpaceProblems(addressSpace: readonly string[]): Problem[] {
  const key = "addressSpace";
  if (addressSpace.length === 0) {
    return [{ key, value: addressSpace, reason: 'must have at least one IPv4 range, such as "10.20.0.0/16"' }];
  }
  const ranges = addressSpace.flatMap((range) => cidrProblems(key, range, longestSubnetPrefix));
  const overlaps = addressSpace.flatMap((range, index) =>
    addressSpace
      .slice(index + 1)
      .filter((other) => overlap(range, other))
      .map((other) => ({ key, value: addressSpace, reason: `${range} and ${other} must not overlap` })),
  );
  return [...ranges, ...overlaps];
}

function outsideProblems(plan: SubnetPlan): Problem[] {
  // An adopted network may also have IPv6 ranges.
  const ranges = plan.addressSpace.filter((range) => parse(range) !== undefined);
  return plannedSubnets(plan)
    .filter(
      ({ prefix }) =>
        ranges.length > 0 && parse(prefix) !== undefined && !ranges.some((range) => contains(range, prefix)),
    )
    .map(({ key, prefix }) => ({
      key,
      value: prefix,
      reason: `must be inside the address space ${ranges.join(", ")}`,
    }));
}

function plannedSubnets(plan: Omit<SubnetPlan, "addressSpace">): { key: string; prefix: string; longest: number }[] {
  return [
    { key: "bastionSubnetPrefix", prefix: plan.bastionSubnetPrefix, longest: longestBastionPrefix },
    { key: "vmSubnetPrefix", prefix: plan.vmSubnetPrefix, longest: longestSubnetPrefix },
  ].flatMap(({ prefix, ...subnet }) => (prefix === undefined ? [] : [{ ...subnet, prefix }]));
}

function cidrProblems(key: string, value: string, longest: number): Problem[] {
  const cidr = parse(value);
  if (cidr === undefined) {
    return [{ key, value, reason: 'must be an IPv4 range in CIDR form, such as "10.20.0.0/24"' }];
  }
  const { network, length } = cidr;
  if (!cidr.startsAtNetwork) {
    return [{ key, value, reason: `the range starts at ${network}; write "${network}/${length}"` }];
  }
  const reserved = [...reservedRanges].find(([range]) => overlap(range, value));
  return [
    ...(length > longest ? [{ key, value, reason: `too small; must be /${longest} or larger` }] : []),
    ...(reserved === undefined
      ? []
      : [{ key, value, reason: `a virtual network cannot contain ${reserved[0]} (${reserved[1]})` }]),
  ];
}

/** Parses a range. A list in a stack's config can have other items than texts. */
function parse(range: unknown): Ipv4Range | undefined {
  return typeof range === "string" ? parseIpv4Range(range) : undefined;
}

function isLongerThan(cidr: string, longest: number): boolean {
  const parsed = parse(cidr);
  return parsed !== undefined && parsed.length > longest;
}

function contains(outer: string, inner: string): boolean {
  const [outerRange, innerRange] = [parse(outer), parse(inner)];
  return outerRange !== undefined && innerRange !== undefined && containsIpv4Range(outerRange, innerRange);
}

/**
 * CIDR ranges overlap only if one contains the other. Anything but an IPv4 range (such as an IPv6 prefix) overlaps
 * nothing.
 */
function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}
