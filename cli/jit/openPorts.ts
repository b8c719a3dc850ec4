/** Requests access to one VM and waits until it is there. */
import type { ArmClient } from "../../azure/armClient.ts";
import { grantsOf } from "../../azure/jitGrants.ts";
import { initiateJit } from "../../azure/jitRequests.ts";
import { isSameId } from "../../azure/read.ts";
import { bastionSource, type BastionRanges } from "./bastionSource.ts";
import { watchRules } from "./ruleWatch.ts";
import type { JitTarget } from "./targets.ts";

export interface AccessWish {
  readonly seconds: number;
  readonly reason: string;
  readonly ranges: BastionRanges;
  /** How long to wait for Defender's rule. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onStep?: (text: string) => void;
}

export interface OpenedPorts {
  /**
   * `open`: the rule is there. `requested`: Azure took the request, and the caller may not see the rules. `waiting`: Azure
   * took the request, and the rule did not come in time.
   */
  readonly state: "open" | "requested" | "waiting";
  /** ISO 8601 UTC. */
  readonly until: string;
  readonly sources: readonly string[];
  /** What the activity log has as `correlationId`. */
  readonly correlationId: string | null;
  /** Requests of others, or longer ones, that this one took the place of. */
  readonly replaced: readonly { readonly requestor: string | null; readonly until: string }[];
}

/** @throws ArmError when Azure refuses the request. */
export async function openPorts(arm: ArmClient, target: JitTarget, wish: AccessWish): Promise<OpenedPorts> {
  const { policy, vm, ports } = target;
  const { seconds, reason, ranges, timeoutMs, signal, onStep = () => undefined } = wish;
  const numbers = ports.map(({ number }) => number);
  const asked = await Promise.all(
    ports.map(async (port) => ({ number: port.number, source: await bastionSource(port, vm.name, ranges) })),
  );
  onStep(`Looking at the rules of ${vm.name}`);
  const rules = await watchRules(arm, vm.id);
  const end = new Date(arm.now().getTime() + seconds * 1000);
  onStep(`Requesting access to ${vm.name}`);
  const correlationId = await initiateJit(arm, policy.id, { vm: vm.id, ports: asked, end, justification: reason });
  const opened = {
    until: end.toISOString(),
    sources: [...new Set(asked.map(({ source }) => source))],
    correlationId: correlationId ?? null,
    replaced: replacedBy(target, arm.now()),
  };
  if (rules === undefined) {
    return { ...opened, state: "requested" };
  }
  onStep(`Waiting for the rule that opens ${vm.name}`);
  const isOpen = await rules.watch.waitUntilOpen(numbers, rules.before, { timeoutMs, signal });
  return { ...opened, state: isOpen ? "open" : "waiting" };
}

/** A newer request takes the place of an active one for the same port, also when it ends earlier. */
function replacedBy({ policy, vm, ports }: JitTarget, now: Date): OpenedPorts["replaced"] {
  return grantsOf(policy, now)
    .filter(
      ({ state, vm: id, port }) =>
        state === "active" && isSameId(id, vm.id) && ports.some((one) => one.number === port),
    )
    .map(({ requestor, end }) => ({ requestor, until: end }));
}
