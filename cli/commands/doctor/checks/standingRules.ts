import { nameOf } from "../../../azure/read.ts";
import type { Check } from "../check.ts";
import { counted } from "../../../counted.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";
import { readJitVms, type PlacedVm, type VmAddress } from "../jitVms.ts";
import { groupValues, ruleValues } from "../ruleValues.ts";
import { protocolsOf } from "../../../azure/jitPolicies.ts";
import { firstDefaultPriority, standingOpenings, type Opening } from "../standing.ts";
import { portsOf } from "./network.ts";

export function judgeStandingRules(vms: readonly PlacedVm[]): Judgement {
  const findings = vms.flatMap((vm) =>
    // An address without any group is reported by the check `network`.
    vm.addresses.filter(({ groups }) => groups.length > 0).flatMap((address) => judgeAddress(vm, address)),
  );
  const ports = vms.reduce((sum, vm) => sum + vm.ports.length, 0);
  return {
    findings,
    seen: `Checked ${counted(ports, "port")} of ${counted(vms.length, "VM")}${findings.length === 0 ? ": closed without a request" : ""}.`,
  };
}

/** Returns one finding for each rule, with all ports that it opens. */
function judgeAddress(vm: PlacedVm, address: VmAddress): FoundByCheck[] {
  const opened = new Map<string, { readonly opening: Opening; readonly ports: Set<number> }>();
  for (const port of vm.ports) {
    const openings = protocolsOf(port).flatMap((protocol) =>
      standingOpenings(address.groups, { ...address, port: port.number, protocol }),
    );
    for (const opening of openings) {
      const known = opened.get(opening.rule.id) ?? { opening, ports: new Set() };
      known.ports.add(port.number);
      opened.set(opening.rule.id, known);
    }
  }
  return [...opened.values()].map(({ opening, ports }) => findingOf(vm, address, opening, [...ports]));
}

function findingOf(
  { name }: PlacedVm,
  { publicIpId }: VmAddress,
  { group, rule, sources }: Opening,
  ports: readonly number[],
): FoundByCheck {
  const from = sources.map((source) => (source.startsWith("/") ? nameOf(source) : source)).join(", ");
  const reach = publicIpId === null ? "" : `; ${name} has a public IP address`;
  if (rule.priority >= firstDefaultPriority) {
    const message = `No rule of ${group.name} closes ${portsOf(ports)} of ${name}, so ${rule.name} lets ${from} in without a request${reach}.`;
    return found("jit-bypassed-by-default", group.id, message, { ...groupValues(group), ports: ports.join(" ") });
  }
  const message = `The rule ${rule.name} (priority ${rule.priority}) of ${group.name} lets ${from} reach ${portsOf(ports)} of ${name} without a request${reach}.`;
  return found("jit-bypassed", rule.id, message, ruleValues(group, rule));
}

export const standingRules: Check = {
  title: "no standing rule lets anybody reach a JIT port without a request",
  examine: async ({ inventory }) => {
    const vms = await readJitVms(inventory);
    return vms.length === 0 ? { skipped: "No VM with JIT." } : judgeStandingRules(vms);
  },
};
