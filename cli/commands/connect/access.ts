/** Which grant a connection uses: one that is active, or that of a new request. */
import type { ArmClient } from "../../azure/armClient.ts";
import { principalOf, type Principal } from "../../azure/caller.ts";
import type { JitGrant } from "../../azure/jitGrants.ts";
import type { JitPolicy } from "../../azure/jitPolicies.ts";
import { activeGrants } from "../jit/activeGrants.ts";
import { namedRequestors } from "../jit/namedRequestors.ts";
import { defaultSeconds } from "../jit/request.ts";
import { requestorOf, type Requestor } from "../jit/requestor.ts";
import { watchRules } from "../jit/ruleWatch.ts";
import { checkLength, longestLength, type JitTarget } from "../jit/targets.ts";

/** An active grant for the port, and whose it is. */
export type PortGrant = JitGrant & Requestor;

export interface AccessPlan {
  /** The grant that is used; `undefined` where access has to be requested. */
  readonly grant: PortGrant | undefined;
  /** Length of the request that would be made, in seconds. */
  readonly seconds: number;
  /** Every active grant for the port, the one that ends last first. */
  readonly grants: readonly PortGrant[];
  /** Who the activity log names of those who made them. */
  readonly named: readonly Principal[];
  /** Whether the rules were read. Without them, a request that is running counts as active. */
  readonly isChecked: boolean;
}

export interface AccessOptions {
  /** Use anybody's grant. */
  readonly ride: boolean;
  /** Seconds. */
  readonly length: number | undefined;
  readonly reason: string | undefined;
}

/** A grant that ends sooner is not worth connecting with: the login itself takes some of it. */
const leastLeftMs = 60_000;

/**
 * The caller's own grant is used if it lasts as long as asked for and has the reason that is given; with `ride`, any
 * grant is. A grant whose rule is gone is no longer one.
 * @param policies all of them: the port can have been opened by another policy than that of the target.
 * @throws `UserError` when the policy does not allow the length.
 */
export async function planAccess(
  arm: ArmClient,
  policies: readonly JitPolicy[],
  target: JitTarget,
  { ride, length, reason }: AccessOptions,
): Promise<AccessPlan> {
  const [me, isOpen] = await Promise.all([arm.token().then(principalOf), isOpenNow(arm, target)]);
  const now = arm.now();
  const active = policies.flatMap((policy) => activeGrants(policy, target, now));
  const named = await namedRequestors(arm, active, [me]);
  const left = ({ end }: JitGrant) => Date.parse(end) - now.getTime();
  const grants = active
    .filter((grant) => isOpen !== false && left(grant) >= leastLeftMs)
    .map((grant): PortGrant => ({ ...grant, ...requestorOf(grant, me, named) }))
    .sort((a, b) => b.end.localeCompare(a.end));
  const fits = (grant: PortGrant) =>
    grant.isOwn &&
    (length === undefined || left(grant) >= length * 1000) &&
    (reason === undefined || grant.reason === reason);
  const seconds = length ?? Math.min(defaultSeconds, longestLength([target]));
  checkLength([target], seconds);
  return { grant: ride ? grants[0] : grants.find(fits), seconds, grants, named, isChecked: isOpen !== undefined };
}

/** @returns `undefined` when the caller cannot read the rules. */
async function isOpenNow(arm: ArmClient, { vm, ports }: JitTarget): Promise<boolean | undefined> {
  const rules = await watchRules(arm, vm.id);
  const numbers = ports.map(({ number }) => number);
  return rules?.watch.isOpen(rules.before, numbers);
}
