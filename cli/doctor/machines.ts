/** The VMs that people reach by JIT, and where they stand in the network. */
import type { JitPolicy, JitPort } from "../../azure/jitPolicies.ts";
import type { NetworkInterface, NicAddress, SecurityGroup, Subnet } from "../../azure/networkInventory.ts";
import { isSameId, nameOf } from "../../azure/read.ts";
import type { Inventory } from "./inventory.ts";
import type { Subject } from "./subject.ts";

/** One address of a VM, and what is on the way to it. */
export interface MachineAddress extends NicAddress {
  readonly nicId: string;
  /** The network security groups that a connection meets: the subnet's, then the interface's, as far as there are any. */
  readonly groups: readonly SecurityGroup[];
}

export interface JitMachine {
  readonly id: string;
  readonly name: string;
  /** Ports that can be requested, in any of its policies. */
  readonly ports: readonly JitPort[];
  readonly addresses: readonly MachineAddress[];
}

export interface MachineParts {
  readonly subject: Subject;
  readonly policies: readonly JitPolicy[];
  readonly nics: readonly NetworkInterface[];
  readonly subnets: readonly Subnet[];
  readonly groups: readonly SecurityGroup[];
}

/** The stack's VMs, or every VM that a policy names; those without an interface are left out. */
export function jitMachines({ subject, policies, nics, subnets, groups }: MachineParts): JitMachine[] {
  const named = policies.flatMap(({ vms }) => vms);
  const ids = subject.vms?.map(({ id }) => id) ?? named.map(({ id }) => id);
  const unique = [...new Map(ids.map((id) => [id.toLowerCase(), id])).values()];
  return unique.flatMap((id) => {
    const ports = named.filter((vm) => isSameId(vm.id, id)).flatMap((vm) => vm.ports);
    const addresses = nics
      .filter(({ vmId }) => vmId !== null && isSameId(vmId, id))
      .flatMap((nic) => nic.addresses.map((address) => addressOf(nic, address, subnets, groups)));
    return addresses.length === 0 ? [] : [{ id, name: nameOf(id), ports: uniquePorts(ports), addresses }];
  });
}

export async function readMachines(inventory: Inventory): Promise<JitMachine[]> {
  const [policies, nics, listed, groups] = await Promise.all([
    inventory.policies(),
    inventory.nics(),
    inventory.subnets(),
    inventory.securityGroups(),
  ]);
  const ids = nics.flatMap(({ addresses }) => addresses.flatMap(({ subnetId }) => subnetId ?? []));
  const elsewhere = ids.filter((id) => !listed.some((subnet) => isSameId(subnet.id, id)));
  const others = await Promise.all([...new Set(elsewhere)].map((id) => inventory.subnet(id)));
  const subnets = [...listed, ...others.filter((one) => one !== undefined)];
  return jitMachines({ subject: inventory.subject, policies, nics, subnets, groups });
}

function addressOf(
  nic: NetworkInterface,
  address: NicAddress,
  subnets: readonly Subnet[],
  groups: readonly SecurityGroup[],
): MachineAddress {
  const subnet = subnets.find(({ id }) => address.subnetId !== null && isSameId(id, address.subnetId));
  const onTheWay = [subnet?.nsgId, nic.nsgId].flatMap((nsgId) => {
    if (!nsgId) return [];
    // One that the list does not show stands there all the same; nobody can say what it lets through.
    return groups.find(({ id }) => isSameId(id, nsgId)) ?? { id: nsgId, name: nameOf(nsgId), rules: [] };
  });
  return { ...address, nicId: nic.id, groups: onTheWay };
}

function uniquePorts(ports: readonly JitPort[]): JitPort[] {
  return [...new Map(ports.map((port) => [port.number, port])).values()].sort((a, b) => a.number - b.number);
}
