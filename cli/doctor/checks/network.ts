import { isJitRule } from "../../../azure/jitRules.ts";
import { nameOf } from "../../../azure/read.ts";
import { parseResourceId } from "../../../links/resourceId.ts";
import type { Check } from "../check.ts";
import { count, found, type FoundByCheck, type Verdict } from "../finding.ts";
import { readMachines, type JitMachine, type MachineAddress } from "../machines.ts";
import { concerns, deniesAll } from "../standing.ts";
import { quoted } from "../../shell.ts";

export interface NetworkFacts {
  readonly machines: readonly JitMachine[];
  /** Whether they are of the stack, which gives each a rule of its own that shuts the ports. */
  readonly isStack: boolean;
  /** Who is signed in. */
  readonly identity: string;
}

export function judgeNetwork({ machines, isStack, identity }: NetworkFacts): Verdict {
  const findings = machines.flatMap((machine) =>
    machine.addresses.length === 0
      ? [unseen(machine, identity)]
      : machine.addresses.flatMap((address) => judgeAddress(machine, address, isStack)),
  );
  return { findings, seen: `${count(machines.length, "VM")} with JIT, and the network security groups before them.` };
}

/** Without this, a VM whose interface the list leaves out would pass as one that nothing reaches. */
function unseen({ id, name }: JitMachine, identity: string): FoundByCheck {
  const message = `${name} has no network interface that you may see, so that nobody knows what reaches it.`;
  return found("nic-unseen", id, message, { identity, scope: groupOf(id) });
}

function groupOf(id: string): string {
  return id.split("/").slice(0, 5).join("/");
}

function judgeAddress(machine: JitMachine, address: MachineAddress, isStack: boolean): FoundByCheck[] {
  const { name } = machine;
  const { nicId, publicIpId, groups } = address;
  const findings: FoundByCheck[] = [];
  if (publicIpId !== null) {
    const message = `${name} has the public IP address ${nameOf(publicIpId)}.`;
    findings.push(found("vm-public-address", machine.id, message, { address: publicIpId }));
  }
  const [nearest] = [...groups].reverse();
  if (nearest === undefined) {
    const message = `No network security group guards ${name} (${nameOf(nicId)}).`;
    return [...findings, found("nic-unguarded", nicId, message, { nic: nicId })];
  }
  const shutBy = (port: number, isDefenders: boolean) =>
    groups.some(({ rules }) =>
      rules.some(
        (rule) =>
          isJitRule(rule) === isDefenders &&
          rule.priority < 65_000 &&
          deniesAll(rule) &&
          concerns(rule, { ...address, port, protocol: "*" }),
      ),
    );
  const ports = machine.ports.map(({ number }) => number);
  const noJit = ports.filter((port) => !shutBy(port, true));
  const noStanding = ports.filter((port) => !shutBy(port, false));
  if (noJit.length > 0) {
    const message = `Defender's rule that shuts ${portsOf(noJit)} of ${name} is gone from ${nearest.name}.`;
    findings.push(found("jit-deny-missing", nearest.id, message, { vm: quoted(name) }));
  }
  if (isStack && noStanding.length > 0) {
    const { resourceGroupName: group = "", subscriptionId: subscription = "" } = parseResourceId(nearest.id) ?? {};
    const message = `No standing rule of ${nearest.name} shuts ${portsOf(noStanding)} of ${name}.`;
    const values = { subscription, group: quoted(group), nsg: quoted(nearest.name), ports: ports.join(" ") };
    findings.push(found("standing-deny-missing", nearest.id, message, values));
  }
  return findings;
}

export function portsOf(ports: readonly number[]): string {
  return `port${ports.length === 1 ? "" : "s"} ${ports.join(", ")}`;
}

export const network: Check = {
  name: "network",
  title:
    "network security groups guard the VMs, Defender's and the stack's rules are in them, no VM has a public address",
  examine: async ({ inventory, identity }) => {
    const machines = await readMachines(inventory);
    return machines.length === 0
      ? { skipped: "No VM with JIT." }
      : judgeNetwork({ machines, isStack: inventory.subject.vms !== undefined, identity });
  },
};
