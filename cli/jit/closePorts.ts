/** Takes back the access that requests gave to one VM. */
import { randomUUID } from "node:crypto";
import type { ArmClient } from "../../azure/armClient.ts";
import { isForbidden } from "../../azure/failure.ts";
import { grantsOf } from "../../azure/jitGrants.ts";
import { initiateJit } from "../../azure/jitRequests.ts";
import { deleteSecurityRule } from "../../azure/networkSecurityRules.ts";
import { isSameId, nameOf } from "../../azure/read.ts";
import { bastionSource, type BastionRanges } from "./bastionSource.ts";
import { watchRules } from "./ruleWatch.ts";
import type { JitTarget } from "./targets.ts";

/** The shortest time that a policy can allow (Defender for Cloud, REST reference: 5 minutes), and so one that Azure takes. */
const shortestMs = 5 * 60_000;

export interface ClosedPorts {
  /** `closed`: shut now. `idle`: was not open. `shortened`: open until `until`. */
  readonly state: "closed" | "idle" | "shortened";
  /** What was done, for a person. */
  readonly message: string;
  /** When the last of the ports closes, ISO 8601 UTC; null where they are shut. */
  readonly until: string | null;
  readonly correlationId: string | null;
}

/** @throws ArmError when Azure lets the caller do neither. */
export async function closePorts(
  arm: ArmClient,
  target: JitTarget,
  { reason, ranges }: { readonly reason: string; readonly ranges: BastionRanges },
): Promise<ClosedPorts> {
  return (await deleteRules(arm, target)) ?? (await shorten(arm, target, reason, ranges));
}

/** @returns `undefined` where the caller may not read or delete rules, or they come back. */
async function deleteRules(arm: ArmClient, target: JitTarget): Promise<ClosedPorts | undefined> {
  const ports = target.ports.map(({ number }) => number);
  const rules = await watchRules(arm, target.vm.id);
  if (rules === undefined) {
    return undefined;
  }
  const { watch, before } = rules;
  const opening = watch.opening(before, ports);
  const correlationId = randomUUID();
  try {
    for (const { id } of opening) {
      await deleteSecurityRule(arm, id, correlationId);
    }
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
  if (watch.opening(await watch.state(), ports).length > 0) {
    return undefined;
  }
  const running = activeGrants(target, arm.now());
  const untilThen =
    running.length === 0
      ? ""
      : ` Defender goes on listing the request until ${running[0]?.end ?? ""}, and then has nothing to remove.`;
  if (opening.length === 0) {
    return { state: "idle", message: `No rule opens the port.${untilThen}`, until: null, correlationId: null };
  }
  const places = opening.map(({ id, name }) => `${name} from ${nameOf(id.split("/").slice(0, -2).join("/"))}`);
  return {
    state: "closed",
    message: `Deleted Defender's rule ${places.join(", ")}: the port is shut now.${untilThen}`,
    until: null,
    correlationId,
  };
}

/** A newer request takes the place of the active ones (`NewerRequestInitiated`), and ends sooner. */
async function shorten(arm: ArmClient, target: JitTarget, reason: string, ranges: BastionRanges): Promise<ClosedPorts> {
  const running = activeGrants(target, arm.now());
  const [last] = running;
  if (last === undefined) {
    return { state: "idle", message: "No request is active.", until: null, correlationId: null };
  }
  const end = new Date(arm.now().getTime() + shortestMs);
  const long = running.filter((grant) => Date.parse(grant.end) > end.getTime());
  if (long.length === 0) {
    const message = `The request ends at ${last.end} by itself; your role may not delete its rule.`;
    return { state: "shortened", message, until: last.end, correlationId: null };
  }
  const ports = await Promise.all(
    target.ports
      .filter(({ number }) => long.some(({ port }) => port === number))
      .map(async (port) => ({ number: port.number, source: await bastionSource(port, target.vm.name, ranges) })),
  );
  const justification = `Revoked: ${reason}`;
  const correlationId = await initiateJit(arm, target.policy.id, { vm: target.vm.id, ports, end, justification });
  const until = end.toISOString();
  return {
    state: "shortened",
    message: `Your role may not delete Defender's rule, so a newer request has taken the place of the active one: the port is open until ${until}.`,
    until,
    correlationId: correlationId ?? null,
  };
}

/** The one that ends last first. */
function activeGrants({ policy, vm, ports }: JitTarget, now: Date) {
  return grantsOf(policy, now)
    .filter((grant) => grant.state === "active" && isSameId(grant.vm, vm.id))
    .filter((grant) => ports.some(({ number }) => number === grant.port))
    .sort((a, b) => b.end.localeCompare(a.end));
}
