/** Makes sure that a VM's port is open before somebody connects to it. */
import type { ArmClient } from "../../azure/armClient.ts";
import { grantsOf, type JitGrant } from "../../azure/jitGrants.ts";
import { isSameId } from "../../azure/read.ts";
import { UserError } from "../errors.ts";
import { openPorts, type AccessWish } from "../jit/openPorts.ts";
import { watchRules } from "../jit/ruleWatch.ts";
import { checkLength, longestLength, type JitTarget } from "../jit/targets.ts";
import { defaultSeconds } from "../jit/request.ts";

export interface ConnectAccess {
  /** `active`: somebody's request is in force. `opened`: requested now. `requested`: too, but nobody could see the rule. */
  readonly access: "active" | "opened" | "requested";
  /** ISO 8601 UTC. */
  readonly until: string;
  /** Whose request it is; null for one's own of now. */
  readonly requestor: string | null;
  readonly reason: string | null;
}

export interface ConnectWish extends Omit<AccessWish, "seconds" | "reason"> {
  readonly seconds: number | undefined;
  readonly reason: string | undefined;
  /** Request even where a request is active. */
  readonly newRequest: boolean;
}

/** A grant that ends sooner is not worth connecting with: the login itself takes some of it. */
const leastLeftMs = 60_000;

/** @throws `UserError` when access has to be requested and there is no reason, or Azure does not open the port in time. */
export async function ensureAccess(arm: ArmClient, target: JitTarget, wish: ConnectWish): Promise<ConnectAccess> {
  const grant = wish.newRequest ? undefined : await usableGrant(arm, target);
  if (grant !== undefined) {
    return { access: "active", until: grant.end, requestor: grant.requestor, reason: grant.reason };
  }
  const { vm, ports } = target;
  const port = ports.map(({ number }) => String(number)).join(", ");
  if (wish.reason === undefined || wish.reason.trim() === "") {
    throw new UserError(
      `Nobody has port ${port} of ${vm.name} open, and a request needs a reason.`,
      'Give --reason "...", and --for how long.',
    );
  }
  const seconds = wish.seconds ?? Math.min(defaultSeconds, longestLength([target]));
  checkLength([target], seconds);
  const reason = wish.reason.trim();
  const opened = await openPorts(arm, target, { ...wish, seconds, reason });
  if (opened.state === "waiting") {
    throw new UserError(
      `Azure took the request, but port ${port} of ${vm.name} did not open in time.`,
      "Look again with `bastion-trail jit ls`, and connect once it is active.",
    );
  }
  const access = opened.state === "open" ? "opened" : "requested";
  return { access, until: opened.until, requestor: null, reason };
}

/** The active request that lasts longest, if its rule is there or nobody can see. */
async function usableGrant(arm: ArmClient, { policy, vm, ports }: JitTarget): Promise<JitGrant | undefined> {
  const now = arm.now();
  const numbers = ports.map(({ number }) => number);
  const [grant] = grantsOf(policy, now)
    .filter(({ state, vm: id, port }) => state === "active" && isSameId(id, vm.id) && numbers.includes(port))
    .filter(({ end }) => Date.parse(end) - now.getTime() >= leastLeftMs)
    .sort((a, b) => b.end.localeCompare(a.end));
  if (grant === undefined) {
    return undefined;
  }
  const rules = await watchRules(arm, vm.id);
  return rules === undefined || rules.watch.isOpen(rules.before, numbers) ? grant : undefined;
}
