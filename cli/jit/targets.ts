/** Finds the VMs and ports that a command is for, in the policies that cover them. */
import type { JitPolicy, JitPort, JitVm } from "../azure/jitPolicies.ts";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";
import { listNames } from "../names/didYouMean.ts";
import { UserError } from "../errors.ts";
import { formatDuration } from "../time.ts";
import { usualGrantMs } from "../rules/jitTimes.ts";
import type { Settings } from "../settings/settings.ts";
import { isVm, nameInGroup, similarVm, vmsInSettings } from "../names/vmName.ts";

/** Ports of one VM that a policy can open. */
export interface JitTarget {
  readonly policy: JitPolicy;
  readonly vm: JitVm;
  /** At least one. */
  readonly ports: readonly JitPort[];
}

/**
 * Finds VMs as `findTargets` does. A name that several VMs of the subscription have means the deployment's.
 * @throws `UserError` with all problems of the names and the port.
 */
export async function targetsOf(
  settings: Settings,
  policies: readonly JitPolicy[],
  names: readonly string[],
  port: number | undefined,
): Promise<JitTarget[]> {
  const isUnclear = names.some((name) => distinct(vmsNamed(policies, name).map(({ id }) => id)).length > 1);
  return findTargets(policies, names, port, isUnclear ? await vmsInSettings(settings) : []);
}

/**
 * Finds VMs by name, `GROUP/NAME` or ARM id.
 * @param port the only port to use. Default: all ports of the policy.
 * @param own the VMs of the deployment.
 * @throws `UserError` with all problems of the names and the port.
 */
export function findTargets(
  policies: readonly JitPolicy[],
  names: readonly string[],
  port: number | undefined,
  own: readonly { readonly id: string }[] = [],
): JitTarget[] {
  const isOwn = ({ id }: { readonly id: string }) => own.some((vm) => isSameIgnoringCase(vm.id, id));
  const found = distinct(names).map((name) => targetOf(policies, name, port, isOwn));
  const problems = found.flatMap((one) => (typeof one === "string" ? [one] : []));
  if (problems.length > 0) {
    throw new UserError(problems.join(" "), knownVms(policies));
  }
  const targets = found.filter((one) => typeof one !== "string");
  // A name and an ARM id may mean the same VM.
  return targets.filter(({ vm }, index) => targets.findIndex((one) => isSameIgnoringCase(one.vm.id, vm.id)) === index);
}

/** The ports of a target in each policy that covers them. */
export function inEachPolicy(policies: readonly JitPolicy[], { vm, ports }: JitTarget): JitTarget[] {
  const isAsked = ({ number }: JitPort) => ports.some((port) => port.number === number);
  return policies.flatMap((policy) =>
    policy.vms
      .filter(({ id }) => isSameIgnoringCase(id, vm.id))
      .map((own) => ({ policy, vm: own, ports: own.ports.filter(isAsked) }))
      .filter((target) => target.ports.length > 0),
  );
}

/** @throws `UserError` if no policy covers a VM of this name or ARM id. */
export function checkVmName(policies: readonly JitPolicy[], name: string): void {
  if (vmsNamed(policies, name).length === 0) {
    throw new UserError(unknownVm(policies, name), knownVms(policies));
  }
}

function vmsOf(policies: readonly JitPolicy[]): JitVm[] {
  return policies.flatMap(({ vms }) => vms);
}

function vmsNamed(policies: readonly JitPolicy[], name: string): JitVm[] {
  return vmsOf(policies).filter((vm) => isVm(vm, name));
}

function unknownVm(policies: readonly JitPolicy[], name: string): string {
  return `No JIT policy covers the VM '${name}'. ${similarVm(name, vmsOf(policies))}`.trim();
}

/** Lists the available VMs, as a next step. */
function knownVms(policies: readonly JitPolicy[]): string {
  const known = vmsOf(policies).map(({ name }) => name);
  return known.length === 0
    ? "The subscription has no JIT policy: deploy one, or check --subscription."
    : `VMs with a JIT policy: ${listNames(known)}.`;
}

/**
 * Returns how long to request the ports for, in seconds.
 * @param given the duration asked for, in milliseconds. Default: `usualGrantMs`, or what the policies allow if that is less.
 * @throws `UserError` naming every port whose policy does not allow the duration.
 */
export function requestLength(targets: readonly JitTarget[], given: number | undefined): number {
  const longest = targets.flatMap(({ ports }) => ports.map(({ longestSeconds }) => longestSeconds));
  const seconds = given === undefined ? Math.min(usualGrantMs / 1000, ...longest) : given / 1000;
  const problems = targets.flatMap(({ vm, ports }) =>
    ports
      .filter(({ longestSeconds }) => longestSeconds < seconds)
      .map(({ number, longestSeconds }) => `port ${number} of ${vm.name} up to ${formatDuration(longestSeconds)}`),
  );
  if (problems.length > 0) {
    throw new UserError(
      `--for ${formatDuration(seconds)} is longer than the policy allows: ${problems.join(", ")}.`,
      "Request less time.",
    );
  }
  return seconds;
}

/** @returns the problem, as a sentence, if there is no such target. */
function targetOf(
  policies: readonly JitPolicy[],
  name: string,
  port: number | undefined,
  isOwn: (vm: JitVm) => boolean,
): JitTarget | string {
  const named = policies.flatMap((policy) =>
    policy.vms.filter((vm) => isVm(vm, name)).map((vm) => ({ policy, vm, ports: portsOf(vm, port) })),
  );
  const inDeployment = named.filter(({ vm }) => isOwn(vm));
  const covering = inDeployment.length > 0 ? inDeployment : named;
  const [first] = covering;
  if (first === undefined) {
    return unknownVm(policies, name);
  }
  const others = covering.filter(({ vm }) => !isSameIgnoringCase(vm.id, first.vm.id));
  if (others.length > 0) {
    const all = distinct([first, ...others].map(({ vm }) => nameInGroup(vm.id, vm.name) ?? vm.id));
    return `${all.length} VMs are named '${name}'. Name its resource group as well: ${all.join(" or ")}.`;
  }
  const usable = covering.filter(({ ports }) => ports.length > 0);
  if (usable.length === 0) {
    const allowed = distinct(covering.flatMap(({ vm }) => vm.ports.map(({ number }) => String(number))));
    return port === undefined
      ? `The JIT policy of '${name}' has no ports.`
      : `The JIT policy of '${name}' does not include port ${port}. Its ports: ${allowed.join(", ") || "none"}.`;
  }
  // A VM can be covered by the resource group's shared policy and by its own, which takes precedence.
  return usable.find(({ policy }) => !isSameIgnoringCase(policy.name, "default")) ?? usable[0] ?? "";
}

function portsOf(vm: JitVm, port: number | undefined): JitPort[] {
  return vm.ports.filter(({ number }) => port === undefined || number === port);
}

function distinct(texts: readonly string[]): string[] {
  return texts.filter((text, index) => texts.findIndex((other) => isSameIgnoringCase(other, text)) === index);
}
