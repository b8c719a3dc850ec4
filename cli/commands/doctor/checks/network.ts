import { isJitRule } from "../../../azure/jitRules.ts";
import { nameOf } from "../../../azure/read.ts";
import { parseResourceId, resourceGroupOf } from "@bastion-trail/core/links/resourceId";
import { bastionRangesOf } from "../bastionRanges.ts";
import type { Check } from "../check.ts";
import type { Identity } from "../identity.ts";
import { counted } from "../../../counted.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";
import { readJitVms, type PlacedVm, type VmAddress } from "../jitVms.ts";
import { groupValues, ruleValues } from "../ruleValues.ts";
import { protocolsOf } from "../../../azure/jitPolicies.ts";
import { concerns, isForEverybody } from "../../../rules/lettings.ts";
import { firstDefaultPriority, lettingsOfOtherPorts } from "../standing.ts";
import { quoted } from "../../../shell.ts";

export interface NetworkFacts {
  readonly vms: readonly PlacedVm[];
  /** Whether the VMs belong to the stack, which gives each its own rule that closes the ports. */
  readonly isStack: boolean;
  readonly identity: Identity;
  /** Ranges of the Bastion hosts' subnets, as far as they are known. */
  readonly bastionRanges: readonly string[];
}

export function judgeNetwork({ vms, isStack, identity, bastionRanges }: NetworkFacts): Judgement {
  const findings = vms.flatMap((vm) =>
    vm.addresses.length === 0
      ? [unseen(vm, identity)]
      : vm.addresses.flatMap((address) => [
          ...judgeAddress(vm, address, isStack),
          ...(isStack ? judgeOtherPorts(vm, address, bastionRanges) : []),
        ]),
  );
  return { findings, seen: `${counted(vms.length, "VM")} with JIT, and the network security groups before them.` };
}

/** Reports a VM whose interface is missing from the list. Without this, it would pass as unreachable. */
function unseen({ id, name }: PlacedVm, { assignee }: Identity): FoundByCheck {
  const message = `You see no network interface of ${name}, so what reaches it is unknown.`;
  return found("nic-unseen", id, message, { assignee, scope: resourceGroupOf(id) ?? id });
}

function judgeAddress(vm: PlacedVm, address: VmAddress, isStack: boolean): FoundByCheck[] {
  const { name } = vm;
  const { nicId, publicIpId, configName, groups } = address;
  const findings: FoundByCheck[] = [];
  if (publicIpId !== null) {
    const message = `${name} has the public IP address ${nameOf(publicIpId)}.`;
    const {
      resourceGroupName = "",
      subscriptionId: subscription = "",
      name: nicName = "",
    } = parseResourceId(nicId) ?? {};
    const values = { subscription, group: quoted(resourceGroupName), nic: quoted(nicName), config: quoted(configName) };
    findings.push(found("vm-public-address", vm.id, message, values));
  }
  const [nearest] = [...groups].reverse();
  if (nearest === undefined) {
    const message = `No network security group guards ${name} (${nameOf(nicId)}).`;
    return [...findings, found("nic-unguarded", nicId, message, { nic: nicId })];
  }
  const closing = groups
    .flatMap(({ rules }) => rules)
    .filter(
      (rule) =>
        rule.access === "deny" && rule.priority < firstDefaultPriority && isForEverybody(rule, address.privateIp),
    );
  const openFor = (isDefenders: boolean) =>
    vm.ports
      .filter((port) =>
        protocolsOf(port).some(
          (protocol) =>
            !closing.some(
              (rule) => isJitRule(rule) === isDefenders && concerns(rule, { ...address, port: port.number, protocol }),
            ),
        ),
      )
      .map(({ number }) => number);
  const noJit = openFor(true);
  const noStanding = openFor(false);
  if (noJit.length > 0) {
    const message = `Defender's rule that closes ${portsOf(noJit)} of ${name} is gone from ${nearest.name}.`;
    findings.push(found("jit-deny-missing", nearest.id, message, { vm: quoted(name) }));
  }
  if (isStack && noStanding.length > 0) {
    const message = `No standing rule of ${nearest.name} closes ${portsOf(noStanding)} of ${name}.`;
    const values = { ...groupValues(nearest), ports: vm.ports.map(({ number }) => number).join(" ") };
    findings.push(found("standing-deny-missing", nearest.id, message, values));
  }
  return findings;
}

/** Reports ports that cannot be requested but are reachable by a tunnel through Bastion. */
function judgeOtherPorts(
  { name, ports }: PlacedVm,
  address: VmAddress,
  bastionRanges: readonly string[],
): FoundByCheck[] {
  const jitPorts = new Set(ports.map(({ number }) => number));
  return lettingsOfOtherPorts(address.groups, address, jitPorts, bastionRanges).map(({ group, rule }) => {
    const range = bastionRanges.join(" ");
    if (rule.priority >= firstDefaultPriority) {
      const message = `No rule of ${group.name} denies the Bastion subnet (${range}) the ports of ${name} that are not in its JIT policy.`;
      return found("bastion-deny-missing", group.id, message, { ...groupValues(group), range });
    }
    const message = `The rule ${rule.name} (priority ${rule.priority}) of ${group.name} lets the Bastion subnet (${range}) reach port ${rule.ports.join(", ")} of ${name} without a request.`;
    return found("bastion-deny-bypassed", rule.id, message, ruleValues(group, rule));
  });
}

export function portsOf(ports: readonly number[]): string {
  return `port${ports.length === 1 ? "" : "s"} ${ports.join(", ")}`;
}

export const network: Check = {
  title:
    "network security groups guard the VMs, Defender's and the stack's rules are in them, no VM has a public address",
  examine: async (context) => {
    const { inventory, identity } = context;
    const vms = await readJitVms(inventory);
    if (vms.length === 0) return { skipped: "No VM with JIT." };
    const isStack = inventory.subject.vms !== undefined;
    const bastionRanges = isStack ? await bastionRangesOf(context) : [];
    return judgeNetwork({ vms, isStack, identity, bastionRanges });
  },
};
