/** The VMs with JIT access, and their place in the network. */
import type { JitPolicy, JitPort } from "../../azure/jitPolicies.ts";
import type { NetworkInterface, NicAddress, SecurityGroup } from "../../azure/networkInventory.ts";
import type { Subnet } from "../../azure/subnets.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import type { ListedVm } from "../../azure/virtualMachine.ts";
import type { Inventory } from "./inventory.ts";
import type { Subject } from "./subject.ts";

/** One address of a VM, with the groups that protect it. */
export interface VmAddress extends NicAddress {
  readonly nicId: string;
  /** The network security groups that a connection passes: the subnet's, then the interface's, if they exist. */
  readonly groups: readonly SecurityGroup[];
}

/** A VM in the policies, with its place in the network. */
export interface PlacedVm {
  readonly id: string;
  readonly name: string;
  /** Ports that can be requested through any of its policies. */
  readonly ports: readonly JitPort[];
  readonly addresses: readonly VmAddress[];
}

export interface JitVmParts {
  readonly subject: Subject;
  readonly policies: readonly JitPolicy[];
  readonly vms: readonly ListedVm[];
  readonly nics: readonly NetworkInterface[];
  readonly subnets: readonly Subnet[];
  readonly groups: readonly SecurityGroup[];
}

/** The stack's VMs, else all VMs in the policies. VMs that no longer exist are left out. */
export function jitVms(parts: JitVmParts): PlacedVm[] {
  const { policies, nics, subnets, groups } = parts;
  const named = Map.groupBy(
    policies.flatMap(({ vms }) => vms),
    ({ id }) => id.toLowerCase(),
  );
  const nicsOf = Map.groupBy(nics, ({ vmId }) => vmId?.toLowerCase());
  const network = { subnets: byId(subnets), groups: byId(groups) };
  return vmsInScope(parts).map(({ id, name }) => ({
    id,
    name,
    ports: uniquePorts((named.get(id.toLowerCase()) ?? []).flatMap(({ ports }) => ports)),
    addresses: (nicsOf.get(id.toLowerCase()) ?? []).flatMap((nic) =>
      nic.addresses.map((address) => addressOf(nic, address, network)),
    ),
  }));
}

export async function readJitVms(inventory: Inventory): Promise<PlacedVm[]> {
  const { subject } = inventory;
  const [policies, vms, allNics, listed, groups] = await Promise.all([
    inventory.policies(),
    inventory.vms(),
    inventory.nics(),
    inventory.subnets(),
    inventory.securityGroups(),
  ]);
  const inScope = new Set(vmsInScope({ subject, policies, vms }).map(({ id }) => id.toLowerCase()));
  const nics = allNics.filter(({ vmId }) => vmId !== null && inScope.has(vmId.toLowerCase()));
  const subnetIds = nics.flatMap(({ addresses }) => addresses.flatMap(({ subnetId }) => subnetId ?? []));
  const otherSubnets = await unlisted(subnetIds, listed, (id) => inventory.subnet(id));
  const subnets = [...listed, ...otherSubnets.filter((one) => one !== undefined)];
  // A group missing from the list still applies. It is read separately, or the check fails.
  const onTheWay = subnets.filter(({ id }) => subnetIds.some((own) => isSameIgnoringCase(own, id)));
  const nsgIds = [...nics, ...onTheWay].flatMap(({ nsgId }) => nsgId ?? []);
  const otherGroups = await unlisted(nsgIds, groups, (id) => inventory.securityGroup(id));
  return jitVms({ subject, policies, vms, nics, subnets, groups: [...groups, ...otherGroups] });
}

/** VMs in Azure's own spelling. A policy has the ids as somebody typed them. */
function vmsInScope({ subject, policies, vms }: Pick<JitVmParts, "subject" | "policies" | "vms">): ListedVm[] {
  const ids = subject.vms?.map(({ id }) => id) ?? policies.flatMap(({ vms }) => vms.map(({ id }) => id));
  const existing = byId(vms);
  return [...new Set(ids.map((id) => id.toLowerCase()))].flatMap((id) => existing.get(id) ?? []);
}

/** Reads the items missing from a list, each once. */
function unlisted<T>(
  ids: readonly string[],
  list: readonly { readonly id: string }[],
  read: (id: string) => Promise<T>,
): Promise<T[]> {
  const listed = byId(list);
  return Promise.all([...new Set(ids)].filter((id) => !listed.has(id.toLowerCase())).map(read));
}

function addressOf(
  nic: NetworkInterface,
  address: NicAddress,
  { subnets, groups }: { subnets: ReadonlyMap<string, Subnet>; groups: ReadonlyMap<string, SecurityGroup> },
): VmAddress {
  const subnet = subnets.get(address.subnetId?.toLowerCase() ?? "");
  const onTheWay = [subnet?.nsgId, nic.nsgId].flatMap((id) => groups.get(id?.toLowerCase() ?? "") ?? []);
  return { ...address, nicId: nic.id, groups: onTheWay };
}

/** Indexes items by id, because a subscription may have thousands. */
function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id.toLowerCase(), item]));
}

/** Each port once, for the protocols of all policies that have it. */
function uniquePorts(ports: readonly JitPort[]): JitPort[] {
  const unique = new Map<number, JitPort>();
  for (const port of ports) {
    const protocol = unique.get(port.number)?.protocol ?? port.protocol;
    unique.set(port.number, { ...port, protocol: isSameIgnoringCase(protocol, port.protocol) ? protocol : "*" });
  }
  return [...unique.values()].sort((a, b) => a.number - b.number);
}
