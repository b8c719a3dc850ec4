/** Chooses the grant of a connection: an active one, or that of a new request. */
import type { ArmClient } from "../../azure/armClient.ts";
import { principalOf, type Principal } from "../../azure/caller.ts";
import { grantedPort, type JitGrant } from "../../azure/jitGrants.ts";
import type { JitPolicy } from "../../azure/jitPolicies.ts";
import { activeGrants } from "../../jit/activeGrants.ts";
import { namedRequestors } from "../../jit/namedRequestors.ts";
import { requestorOf, type Requestor } from "../../jit/requestor.ts";
import { watchRules } from "../../jit/ruleWatch.ts";
import { requestLength, type JitTarget } from "../../jit/targets.ts";
import { minuteMs } from "../../time.ts";

/** An active grant for the port, with its requestor. */
export type PortGrant = JitGrant & Requestor;

export interface AccessPlan {
  /** The grant to use; `undefined` if access must be requested. */
  readonly grant: PortGrant | undefined;
  /** Duration of the request that would be made, in seconds. */
  readonly seconds: number;
  /** All active grants for the port, the one that ends last first. */
  readonly grants: readonly PortGrant[];
  /** The principals that the activity log names as the requestors of the grants. */
  readonly named: readonly Principal[];
  /** Whether the rules could be read. Without them, a request that has not expired counts as active. */
  readonly isChecked: boolean;
}

export interface AccessOptions {
  /** Whether to use anybody's grant. */
  readonly ride: boolean;
  /** Requested duration, in milliseconds. */
  readonly length: number | undefined;
  readonly reason: string | undefined;
}

/** Minimum remaining time of a usable grant, in milliseconds: the login itself takes some of it. */
const leastLeftMs = minuteMs;

/**
 * Chooses the grant. The caller's own is used if it lasts for the requested time and has the given reason; with `ride`,
 * any grant is. A grant whose rule is gone is ignored.
 * @param policies all policies: the port may have been opened by another one than the target's.
 * @throws `UserError` if the policy does not allow the duration.
 */
export async function planAccess(
  arm: ArmClient,
  policies: readonly JitPolicy[],
  target: JitTarget,
  { ride, length, reason }: AccessOptions,
): Promise<AccessPlan> {
  const [me, rules] = await Promise.all([arm.token().then(principalOf), watchRules(arm, target.vm.id)]);
  const now = arm.now();
  const active = policies.flatMap((policy) =>
    activeGrants(policy, target, now).filter(
      (grant) => rules === undefined || rules.watch.portState(rules.before, grantedPort(policy, grant)) === "open",
    ),
  );
  const named = await namedRequestors(arm, active, [me]);
  const left = ({ end }: JitGrant) => Date.parse(end) - now.getTime();
  const grants = active
    .filter((grant) => left(grant) >= leastLeftMs)
    .map((grant): PortGrant => ({ ...grant, ...requestorOf(grant, me, named) }))
    .sort((a, b) => b.end.localeCompare(a.end));
  const fits = (grant: PortGrant) =>
    grant.isOwn && (length === undefined || left(grant) >= length) && (reason === undefined || grant.reason === reason);
  const seconds = requestLength([target], length);
  return { grant: ride ? grants[0] : grants.find(fits), seconds, grants, named, isChecked: rules !== undefined };
}
