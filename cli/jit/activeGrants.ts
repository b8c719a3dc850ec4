import { grantsOf, type JitGrant } from "../azure/jitGrants.ts";
import type { JitPolicy } from "../azure/jitPolicies.ts";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";
import type { JitTarget } from "./targets.ts";

/** Active grants of a policy for the ports of a target, the one that ends last first. */
export function activeGrants(policy: JitPolicy, { vm, ports }: Pick<JitTarget, "vm" | "ports">, now: Date): JitGrant[] {
  return grantsOf(policy, now)
    .filter(({ state, vm: id }) => state === "active" && isSameIgnoringCase(id, vm.id))
    .filter(({ port }) => ports.some(({ number }) => number === port))
    .sort((a, b) => b.end.localeCompare(a.end));
}
