/** Requests access to one VM and waits until its ports are open. */
import type { ArmClient } from "../azure/armClient.ts";
import { AzureFailure } from "../azure/failure.ts";
import { principalOf, type Principal } from "../azure/caller.ts";
import { grantedPort, type JitGrant } from "../azure/jitGrants.ts";
import { readJitPolicy, type JitPort } from "../azure/jitPolicies.ts";
import { UserError } from "../errors.ts";
import { formatTime, minuteMs } from "../time.ts";
import { activeGrants } from "./activeGrants.ts";
import { bastionSource, type BastionRanges } from "./bastionSource.ts";
import { namedRequestors } from "./namedRequestors.ts";
import { requestorOf, shownRequestor, type Requestor } from "./requestor.ts";
import { requestAccess } from "./requestAccess.ts";
import { watchRules } from "./ruleWatch.ts";
import type { JitTarget } from "./targets.ts";

export interface AccessWish {
  readonly seconds: number;
  readonly reason: string;
  readonly ranges: BastionRanges;
  /** Longest wait for Defender's rule, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onStep?: (text: string) => void;
  /** Called before the request is sent, with the time at which the first of the ports closes. */
  readonly onSending?: (until: string) => void;
  /** Correlates the events in the activity log with the record of actions. */
  readonly correlationId: string;
  /** Requestors whose names are already known. @default none */
  readonly named?: readonly Principal[];
}

/** A grant that a newer request replaced. */
export interface ReplacedGrant extends Requestor {
  readonly port: number;
  readonly reason: string | null;
  /** Original end, ISO 8601 UTC. */
  readonly end: string;
  /** Time at which the port closes now, ISO 8601 UTC; never before `end`. */
  readonly until: string;
}

export interface OpenedPorts {
  /**
   * `open`: the rule is in place. `requested`: Azure accepted the request, but the caller cannot read the rules.
   * `waiting`: Azure accepted the request, but the rule has not appeared in time, or could not be looked for.
   */
  readonly state: "open" | "requested" | "waiting";
  /** Time at which the first of the ports closes, ISO 8601 UTC. */
  readonly until: string;
  readonly sources: readonly string[];
  /** Names of the rules that Defender wrote for the request; empty if they were not seen. */
  readonly rules: readonly string[];
  readonly replaced: readonly ReplacedGrant[];
  /** Why the rules could not be read after the request; `undefined` if they could. */
  readonly unread: AzureFailure | undefined;
}

/**
 * How long a new request may be without its rule, in milliseconds. A rule still missing after this time has been
 * revoked.
 */
const slowestRuleMs = minuteMs;

/**
 * Requests access and waits for the rules. Azure replaces an active grant by a newer request for the same port, even if
 * the newer one ends earlier. So that nobody loses access early, a port is requested at least until the end of its
 * active grant.
 * @throws ArmError if Azure refuses the request. @throws `UserError` if the policy does not allow that duration.
 */
export async function openPorts(arm: ArmClient, target: JitTarget, wish: AccessWish): Promise<OpenedPorts> {
  const { vm, ports } = target;
  const { seconds, reason, ranges, timeoutMs, signal, correlationId, named = [] } = wish;
  const { onStep = () => undefined, onSending = () => undefined } = wish;
  const sources = await Promise.all(ports.map((port) => bastionSource(port, vm.name, ranges)));
  onStep(`Reading the rules of ${vm.name}`);
  const me = principalOf(await arm.token());
  const [rules, others] = await Promise.all([
    watchRules(arm, vm.id),
    namedRequestors(arm, activeGrants(target.policy, target, arm.now()), [me, ...named]),
  ]);
  const whose = (grant: JitGrant): Requestor => requestorOf(grant, me, [...named, ...others]);
  // Read last, so that it includes a grant that began in the meantime.
  const policy = await readJitPolicy(arm, target.policy.id);
  const active = activeGrants(policy, target, arm.now()).filter(
    (grant) =>
      rules === undefined ||
      rules.watch.portState(rules.before, grantedPort(policy, grant)) === "open" ||
      arm.now().getTime() - Date.parse(grant.start) < slowestRuleMs,
  );
  const wanted = new Date(arm.now().getTime() + seconds * 1000);
  const asked = ports.map((port, index) => ({
    number: port.number,
    source: sources[index] ?? "",
    end: endOf(port, active, wanted, { vm: vm.name, now: arm.now(), whose }),
  }));
  onStep(`Requesting access to ${vm.name}`);
  const initiation = { vm: vm.id, ports: asked, justification: reason };
  const until = new Date(Math.min(...asked.map(({ end }) => end.getTime()))).toISOString();
  onSending(until);
  await requestAccess(arm, target, initiation, { correlationId, signal });
  const opened = {
    until,
    sources: [...new Set(sources)],
    replaced: active.map((grant) => {
      const { port, reason: why, end } = grant;
      const closing = asked.find(({ number }) => number === port)?.end.toISOString() ?? end;
      return { port, ...whose(grant), reason: why, end, until: closing };
    }),
  };
  if (rules === undefined) {
    return { ...opened, rules: [], state: "requested", unread: undefined };
  }
  onStep(`Waiting for the rule that opens ${vm.name}`);
  const asking = ports.map((port, index) => ({ ...port, sources: [sources[index] ?? ""] }));
  const waited = rules.watch.waitUntilOpen(asking, rules.before, { timeoutMs, signal });
  // From here on the port may be open, whatever goes wrong.
  const found = await waited.catch((error: unknown) => {
    if (!(error instanceof AzureFailure)) throw error;
    return error;
  });
  return found instanceof AzureFailure
    ? { ...opened, rules: [], state: "waiting", unread: found }
    : { ...opened, rules: found, state: found.length > 0 ? "open" : "waiting", unread: undefined };
}

/** The wanted end, or the end of the port's active grant if that is later. */
function endOf(
  { number, longestSeconds }: JitPort,
  active: readonly JitGrant[],
  wanted: Date,
  { vm, now, whose }: { readonly vm: string; readonly now: Date; readonly whose: (grant: JitGrant) => Requestor },
): Date {
  const last = active.find(({ port }) => port === number);
  if (last === undefined || Date.parse(last.end) <= wanted.getTime()) {
    return wanted;
  }
  const end = new Date(last.end);
  if (end.getTime() - now.getTime() > longestSeconds * 1000) {
    throw new UserError(
      `Port ${number} of ${vm} is open until ${formatTime(end)} for ${shownRequestor(whose(last))}, which is longer than the policy now allows: a new request would end that access early.`,
      "Connect with --ride, or request access once that grant has ended.",
    );
  }
  return end;
}
