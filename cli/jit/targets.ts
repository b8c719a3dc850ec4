/** Which ports of which VMs a person means, by the policies that cover them. */
import type { JitPolicy, JitPort, JitVm } from "../../azure/jitPolicies.ts";
import { isSameId } from "../../azure/read.ts";
import { UserError } from "../errors.ts";
import { formatDuration } from "../time.ts";

/** Ports of one VM that one policy can open. */
export interface JitTarget {
  readonly policy: JitPolicy;
  readonly vm: JitVm;
  /** At least one. */
  readonly ports: readonly JitPort[];
}

/**
 * Finds VMs by name or ARM id.
 * @param port the one port that is meant. Default: all that the policy has.
 * @throws `UserError` with everything that is wrong with the names and the port at once.
 */
export function findTargets(
  policies: readonly JitPolicy[],
  names: readonly string[],
  port: number | undefined,
): JitTarget[] {
  const found = distinct(names).map((name) => targetOf(policies, name, port));
  const problems = found.flatMap((one) => (typeof one === "string" ? [one] : []));
  if (problems.length > 0) {
    const known = distinct(policies.flatMap(({ vms }) => vms.map((vm) => vm.name))).sort();
    throw new UserError(
      problems.join(" "),
      known.length === 0
        ? "The subscription has no JIT policy: deploy one, or check --subscription."
        : `See what can be asked for with: bastion-trail jit ls. VMs with a policy are ${known.join(", ")}.`,
    );
  }
  return found.filter((one) => typeof one !== "string");
}

/** @throws `UserError` naming every port whose policy allows less time. */
export function checkLength(targets: readonly JitTarget[], seconds: number): void {
  const problems = targets.flatMap(({ vm, ports }) =>
    ports
      .filter(({ longestSeconds }) => longestSeconds < seconds)
      .map(
        ({ number, longestSeconds }) => `port ${number} of ${vm.name} for ${formatDuration(longestSeconds)} at most`,
      ),
  );
  if (problems.length > 0) {
    throw new UserError(
      `--for ${formatDuration(seconds)} is more than the policy allows: ${problems.join(", ")}.`,
      "Ask for less time.",
    );
  }
}

/** The longest time that can be asked for all the ports. */
export function longestLength(targets: readonly JitTarget[]): number {
  return Math.min(...targets.flatMap(({ ports }) => ports.map(({ longestSeconds }) => longestSeconds)));
}

/** @returns what is wrong, where there is no such target. */
function targetOf(policies: readonly JitPolicy[], name: string, port: number | undefined): JitTarget | string {
  const covering = policies.flatMap((policy) =>
    policy.vms.filter((vm) => isMeant(vm, name)).map((vm) => ({ policy, vm, ports: portsOf(vm, port) })),
  );
  const [first] = covering;
  if (first === undefined) {
    return `No JIT policy covers a VM '${name}'.`;
  }
  const others = covering.filter(({ vm }) => !isSameId(vm.id, first.vm.id));
  if (others.length > 0) {
    const ids = distinct([first, ...others].map(({ vm }) => vm.id));
    return `Several VMs have the name '${name}': give the ARM id, ${ids.join(" or ")}.`;
  }
  const usable = covering.filter(({ ports }) => ports.length > 0);
  if (usable.length === 0) {
    const allowed = distinct(covering.flatMap(({ vm }) => vm.ports.map(({ number }) => String(number))));
    return port === undefined
      ? `The JIT policy of '${name}' has no ports.`
      : `The JIT policy of '${name}' does not have port ${port}: it has ${allowed.join(", ") || "none"}.`;
  }
  // A VM may be in the group's shared policy and in one of its own, which then is the one that was made for it.
  return usable.find(({ policy }) => !isSameId(policy.name, "default")) ?? usable[0] ?? "";
}

function isMeant(vm: JitVm, name: string): boolean {
  return isSameId(name.startsWith("/") ? vm.id : vm.name, name);
}

function portsOf(vm: JitVm, port: number | undefined): JitPort[] {
  return vm.ports.filter(({ number }) => port === undefined || number === port);
}

function distinct(texts: readonly string[]): string[] {
  return texts.filter((text, index) => texts.findIndex((other) => isSameId(other, text)) === index);
}
