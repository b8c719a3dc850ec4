/** Revokes the access that requests gave to one VM. */
import { shortestRequestMinutes } from "@bastion-trail/core/rules/jitDuration";
import { randomUUID } from "node:crypto";
import type { ArmClient } from "../../azure/armClient.ts";
import { AzureFailure, isForbidden } from "../../azure/failure.ts";
import { initiateJit } from "../../azure/jitRequests.ts";
import type { JitGrant } from "../../azure/jitGrants.ts";
import type { JitPolicy, JitPort } from "../../azure/jitPolicies.ts";
import { isLocked } from "../../azure/locks.ts";
import { deleteSecurityRule, type SecurityRule } from "../../azure/networkSecurityRules.ts";
import { nameOf } from "../../azure/read.ts";
import { UserError } from "../../errors.ts";
import { explain } from "../../presentError.ts";
import { formatTime } from "../../time.ts";
import { activeGrants } from "../../jit/activeGrants.ts";
import { bastionSource, type BastionRanges } from "../../jit/bastionSource.ts";
import { describeLocks } from "./describeLocks.ts";
import { watchRules } from "../../jit/ruleWatch.ts";
import { shortestGrantMs } from "../../rules/jitTimes.ts";
import type { Way } from "../../rules/lettings.ts";
import { inEachPolicy, type JitTarget } from "../../jit/targets.ts";

export interface ClosedPorts {
  /**
   * `closed`: closed now. `idle`: was not open. `shortened`: open until `until`. `bypassed`: no request opens it any more, but something
   * else does. `unknown`: the rules were deleted, and could not be read again.
   */
  readonly state: "closed" | "idle" | "shortened" | "bypassed" | "unknown";
  /** Text that describes what was done. */
  readonly message: string;
  /** Time at which the last of the ports closes at the latest, ISO 8601 UTC; null if they are closed, or open without a request. */
  readonly until: string | null;
  readonly correlationId: string | null;
}

/** Why the rules could not be deleted, as a sentence, and what to do about it, if anything. */
interface Obstacle {
  /** Whether a rule opens the port; `undefined` if that is unknown. */
  readonly isOpen: true | undefined;
  readonly message: string;
  readonly nextStep: string;
}

/**
 * Deletes the rules that open the ports. If that is impossible, replaces the active request by a newer one that ends
 * soon.
 * @throws AzureFailure if Azure refuses both.
 */
export async function closePorts(
  arm: ArmClient,
  target: JitTarget,
  { reason, ranges, policies }: CloseOptions,
): Promise<ClosedPorts> {
  const covering = inEachPolicy(policies, target);
  const outcome = await deleteRules(arm, target, covering);
  if ("state" in outcome) {
    return outcome;
  }
  try {
    const shortened = await shortenAll(arm, covering, reason, ranges);
    if (shortened.state === "idle" && outcome.isOpen) {
      throw new AzureFailure(shortened.message, "`bastion-trail doctor` prints the fix.");
    }
    return { ...shortened, message: `${outcome.message} ${shortened.message} ${outcome.nextStep}`.trim() };
  } catch (error) {
    if (!(error instanceof AzureFailure || error instanceof UserError)) throw error;
    const { message, nextStep } = explain(error, "requester");
    const refusal = isLocked(error) ? "The lock also refuses a shorter request." : message;
    throw new AzureFailure(`${outcome.message} ${refusal}`, outcome.nextStep || nextStep, { cause: error });
  }
}

export interface CloseOptions {
  readonly reason: string;
  readonly ranges: BastionRanges;
  /** All policies: the port may have been opened by another one than the target's. */
  readonly policies: readonly JitPolicy[];
}

/** The active grants of all policies that cover a target, the one that ends last first. */
export function grantsOfAll(covering: readonly JitTarget[], now: Date): JitGrant[] {
  return covering
    .flatMap((target) => activeGrants(target.policy, target, now))
    .sort((a, b) => b.end.localeCompare(a.end));
}

async function deleteRules(
  arm: ArmClient,
  target: JitTarget,
  covering: readonly JitTarget[],
): Promise<ClosedPorts | Obstacle> {
  const ports = target.ports.map(({ number }) => number);
  const rules = await watchRules(arm, target.vm.id);
  if (rules === undefined) {
    return { isOpen: undefined, message: "Your role cannot read the network security group.", nextStep: "" };
  }
  const { watch, before } = rules;
  const opening = watch.opening(before, ports);
  const correlationId = randomUUID();
  const obstacles: Obstacle[] = [];
  for (const rule of opening) {
    const obstacle = await deleteRule(arm, rule, correlationId);
    if (obstacle !== undefined) obstacles.push(obstacle);
  }
  if (obstacles[0] !== undefined) {
    return obstacles[0];
  }
  const [running] = grantsOfAll(covering, arm.now());
  const places = opening.map(({ id, name }) => `${name} from ${nameOf(groupOf(id))}`);
  const after = await watch.state().catch((error: unknown) => {
    if (!(error instanceof AzureFailure) || places.length === 0) throw error;
    return error;
  });
  if (after instanceof AzureFailure) {
    const { message, nextStep } = explain(after, "operator");
    const whole = `Deleted ${places.join(", ")}. Whether the port is closed is unknown: ${message} ${nextStep}`.trim();
    return { state: "unknown", message: whole, until: running?.end ?? null, correlationId };
  }
  if (watch.opening(after, ports).length > 0) {
    return { isOpen: true, message: "The rule is back after it was deleted.", nextStep: "" };
  }
  const listed = running === undefined ? "" : ` Defender lists the request until ${formatTime(running.end)}.`;
  const call = { until: null, correlationId: places.length === 0 ? null : correlationId };
  const bypassed = target.ports.flatMap((port) => bypassOf(port, watch.ways(after, port)));
  if (bypassed.length > 0) {
    const done = places.length === 0 ? "No request opens the port." : `Deleted ${places.join(", ")}.`;
    const message = `${done} ${bypassed.join(" ")}${listed} bastion-trail doctor prints the fix.`;
    return { ...call, state: "bypassed", message };
  }
  return places.length === 0
    ? { ...call, state: "idle", message: `No rule opens the port.${listed}` }
    : { ...call, state: "closed", message: `Deleted ${places.join(", ")}: the port is closed.${listed}` };
}

/** What lets a port's sources in without a request, as a sentence; none if the port is closed. */
function bypassOf({ number }: JitPort, ways: readonly Way[]): string[] {
  if (ways.length === 0) return [];
  const rules = ways.flatMap(({ lettings }) => lettings.map(({ group, rule }) => `${rule.name} of ${group.name}`));
  const how =
    rules.length === 0 ? ": no network security group protects it" : `, by ${[...new Set(rules)].join(" and ")}`;
  return [`Port ${number} is open without a request${how}.`];
}

/** @returns the obstacle if the rule could not be deleted. */
async function deleteRule(arm: ArmClient, { id }: SecurityRule, correlationId: string): Promise<Obstacle | undefined> {
  try {
    await deleteSecurityRule(arm, id, correlationId);
    return undefined;
  } catch (error) {
    if (isForbidden(error)) {
      return { isOpen: true, message: "Your role cannot delete the rule that opens the port.", nextStep: "" };
    }
    if (isLocked(error)) {
      const locks = await describeLocks(arm, error);
      return {
        isOpen: true,
        message: `The rule that opens the port cannot be deleted because of ${locks}.`,
        nextStep: "To close the port now, remove the lock and run jit revoke again.",
      };
    }
    throw error;
  }
}

/** Shortens the active requests of each policy. @param covering the target in each policy. */
async function shortenAll(
  arm: ArmClient,
  covering: readonly JitTarget[],
  reason: string,
  ranges: BastionRanges,
): Promise<ClosedPorts> {
  const all: ClosedPorts[] = [];
  for (const target of covering) all.push(await shorten(arm, target, reason, ranges));
  const [last, ...others] = all
    .filter(({ state }) => state !== "idle")
    .sort((a, b) => (b.until ?? "").localeCompare(a.until ?? ""));
  if (last === undefined) return { state: "idle", message: "No request is active.", until: null, correlationId: null };
  return {
    ...last,
    correlationId:
      last.correlationId ?? others.find(({ correlationId }) => correlationId !== null)?.correlationId ?? null,
  };
}

/** Replaces the active requests by a newer one that ends sooner (`NewerRequestInitiated`). */
async function shorten(arm: ArmClient, target: JitTarget, reason: string, ranges: BastionRanges): Promise<ClosedPorts> {
  const running = activeGrants(target.policy, target, arm.now());
  const [last] = running;
  if (last === undefined) {
    return { state: "idle", message: "No request is active.", until: null, correlationId: null };
  }
  const end = new Date(arm.now().getTime() + shortestGrantMs);
  const long = running.filter((grant) => Date.parse(grant.end) > end.getTime());
  if (long.length === 0) {
    const message = `The request ends by itself at ${formatTime(last.end)}.`;
    return { state: "shortened", message, until: last.end, correlationId: null };
  }
  const ports = await Promise.all(
    target.ports
      .filter(({ number }) => long.some(({ port }) => port === number))
      .map(async (port) => ({ number: port.number, source: await bastionSource(port, target.vm.name, ranges), end })),
  );
  const justification = `Revoked: ${reason}`;
  const correlationId = randomUUID();
  await initiateJit(arm, target.policy.id, { vm: target.vm.id, ports, justification }, correlationId);
  return {
    state: "shortened",
    message: `A request for ${shortestRequestMinutes} minutes replaced the active one: the port is open until ${formatTime(end)}.`,
    until: end.toISOString(),
    correlationId,
  };
}

function groupOf(ruleId: string): string {
  return ruleId.split("/").slice(0, -2).join("/");
}
