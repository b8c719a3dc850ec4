import type { JitPolicy, JitPort } from "../../../azure/jitPolicies.ts";
import type { ListedVm } from "../../../azure/virtualMachine.ts";
import { parseResourceId, resourceGroupOf } from "@bastion-trail/core/links/resourceId";
import { includeEverybody, includeRange } from "../../../rules/sourcePoints.ts";
import { bastionRangesOf } from "../bastionRanges.ts";
import type { Check } from "../check.ts";
import { vmSpelling } from "../../../names/vmSpelling.ts";
import { counted } from "../../../counted.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";
import type { Subject } from "../subject.ts";

export interface JitPolicyFacts {
  readonly subject: Subject;
  readonly policies: readonly JitPolicy[];
  readonly vms: readonly ListedVm[];
  /** Ranges of the subnets of all Bastion hosts, as far as they are known. */
  readonly bastionRanges: readonly string[];
}

/** Number of names that a message lists. */
const fewNames = 5;

export function judgeJitPolicies(facts: JitPolicyFacts): Judgement {
  const { subject, policies } = facts;
  const own = subject.vms;
  const ownIds = idsOf(own ?? []);
  const spelled = vmSpelling(facts.vms);
  const inScope = policies
    .flatMap((policy) => policy.vms.map((vm) => ({ policy, vm: spelled(vm) })))
    .filter(({ vm }) => own === undefined || ownIds.has(vm.id.toLowerCase()));
  const findings = [
    ...(own === undefined ? judgeSubscription(facts) : judgeOwn(own, facts)),
    ...inScope.flatMap(({ policy, vm }) =>
      vm.ports.flatMap((port) => judgeSource(policy, vm.name, port, facts.bastionRanges)),
    ),
  ];
  const covered = new Set(inScope.map(({ vm }) => vm.id.toLowerCase()));
  return { findings, seen: `${counted(covered.size, "VM")} in ${policiesOf(inScope)}.` };
}

function policiesOf(entries: readonly { readonly policy: JitPolicy }[]): string {
  return counted(new Set(entries.map(({ policy }) => policy.id)).size, "JIT policy", "JIT policies");
}

function judgeOwn(own: NonNullable<Subject["vms"]>, { vms, policies }: JitPolicyFacts): FoundByCheck[] {
  const existing = idsOf(vms);
  const covered = coveredBy(policies);
  return own.flatMap(({ id, name }) => {
    if (!existing.has(id.toLowerCase())) {
      return [found("vm-missing", id, `The VM ${name} does not exist, or you may not see it.`, {})];
    }
    return covered.has(id.toLowerCase())
      ? []
      : [found("jit-policy-missing", id, `No JIT policy covers ${name}, so nobody can request access to it.`, {})];
  });
}

function judgeSubscription({ subject, policies, vms, bastionRanges }: JitPolicyFacts): FoundByCheck[] {
  const { subscriptionId: subscription } = subject;
  const covered = coveredBy(policies);
  const existing = idsOf(vms);
  const uncovered = vms.filter(({ id }) => !covered.has(id.toLowerCase()));
  const [first] = uncovered;
  const names = uncovered.slice(0, fewNames).map(({ name }) => name);
  const named = names.join(", ");
  const more = uncovered.length > fewNames ? ` and ${uncovered.length - fewNames} more` : "";
  const stale = policies.flatMap(({ id, name, vms }) =>
    vms
      .filter((vm) => !existing.has(vm.id.toLowerCase()))
      .map((vm) => {
        const { resourceGroupName: group = "" } = parseResourceId(id) ?? {};
        const message = `The JIT policy ${name} names ${vm.name}, which does not exist.`;
        return found("jit-policy-stale", id, message, { subscription, group, region: regionOf(id), policy: name });
      }),
  );
  // Of several Bastion hosts, only the one of the VM's own network reaches it.
  const onlyRange = bastionRanges.length === 1 ? bastionRanges[0] : undefined;
  const without =
    first === undefined
      ? []
      : [
          found(
            "vm-without-jit",
            `/subscriptions/${subscription}`,
            `${counted(uncovered.length, "VM is", "VMs are")} in no JIT policy: ${named}${more}.`,
            { policy: policyIdFor(first), vm: first.id, range: onlyRange ?? "BASTION_RANGE" },
          ),
        ];
  return [...stale, ...without];
}

/**
 * Id of a VM's own policy. A policy has the region of its VM, and `default` is shared by all VMs of a resource group.
 */
function policyIdFor({ id, name, location }: ListedVm): string {
  return `${resourceGroupOf(id) ?? ""}/providers/Microsoft.Security/locations/${location}/jitNetworkAccessPolicies/${name}-jit`;
}

/** The region in a policy's id: `.../locations/REGION/jitNetworkAccessPolicies/NAME`. */
function regionOf(policyId: string): string {
  return policyId.split("/").at(-3) ?? "";
}

function judgeSource(
  { id, name }: JitPolicy,
  vmName: string,
  { number, sources }: JitPort,
  ranges: readonly string[],
): FoundByCheck[] {
  const range = ranges.join(", ") || "BASTION_RANGE";
  const isWide = ["0.0.0.0", "::"].some((family) => includeEverybody(sources, family));
  if (isWide || sources.some((source) => source.toLowerCase() === "internet")) {
    const message = `The JIT policy ${name} allows opening port ${number} of ${vmName} to any address.`;
    return [found("jit-from-anywhere", id, message, { range })];
  }
  if (ranges.length === 0 || ranges.some((own) => includeRange(sources, own))) return [];
  const message = `The JIT policy ${name} allows opening port ${number} of ${vmName} to ${sources.join(", ") || "nobody"} only, and Bastion connects from ${range}.`;
  return [found("jit-not-from-bastion", id, message, { range })];
}

/** Ids of the VMs that can be requested, in lower case. */
function coveredBy(policies: readonly JitPolicy[]): ReadonlySet<string> {
  const vms = policies.flatMap((policy) => policy.vms.filter(({ ports }) => ports.length > 0));
  return new Set(vms.map(({ id }) => id.toLowerCase()));
}

/** The ids in lower case. */
function idsOf(items: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(items.map(({ id }) => id.toLowerCase()));
}

export const jitPolicies: Check = {
  title: "JIT policies cover the VMs, and allow access from the Bastion subnet",
  examine: async (context) => {
    const { inventory } = context;
    const [policies, vms] = await Promise.all([inventory.policies(), inventory.vms()]);
    const bastionRanges = await bastionRangesOf(context);
    return judgeJitPolicies({ subject: inventory.subject, policies, vms, bastionRanges });
  },
};
