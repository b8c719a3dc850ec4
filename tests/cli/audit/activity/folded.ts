/** Folds events into activities, as the tests of activities need it. */
import assert from "node:assert/strict";
import { distinctEvents } from "../../../../cli/audit/activity/distinctEvents.ts";
import { foldActivity } from "../../../../cli/audit/activity/foldActivity.ts";
import { sortEvents } from "../../../../cli/audit/activity/sortEvents.ts";
import { bastionNsgRules } from "../../../../core/rules/bastionNsgRules.ts";
import type { Activity, ActivityEvent } from "../../../../cli/audit/activity/types.ts";
import { allowName, nsgId, rule } from "./events.ts";

export const other = "c0000000-0000-4000-8000-000000000002";
export const openSsh = `${nsgId}/securityRules/OpenSsh`;

export async function fold(events: readonly ActivityEvent[], held?: number): Promise<Activity[]> {
  const source = async function* (): AsyncGenerator<ActivityEvent> {
    yield* await Promise.resolve(events);
  };
  return Array.fromAsync(foldActivity(distinctEvents(await sortEvents(source(), held)).events));
}

export async function one(events: readonly ActivityEvent[]): Promise<Activity> {
  const [activity, ...others] = await fold(events);
  assert.ok(activity !== undefined);
  assert.deepEqual(others, []);
  return activity;
}

/** What links and marks a write of rules. */
export function verdict({ origin, opens, request }: Activity) {
  return { origin, opens, by: request?.by ?? null };
}

/** A write that opens SSH to everybody, outside JIT. */
export const openedSsh = { resource: openSsh, correlationId: other, rules: [rule("OpenSsh", { sources: ["*"] })] };

/** Rules of a JIT VM's group as a deployment writes them. */
export const denyManagement = rule("DenyManagementPorts", {
  ...{ access: "deny", priority: 4000, protocol: "*", sources: ["*"], destinations: ["*"], description: null },
});
export const denyBastion = rule("DenyBastionSubnet", {
  ...{ access: "deny", priority: 4010, protocol: "*", destinations: ["*"], ports: ["*"], description: null },
});
export const jitRuleId = `${nsgId}/securityRules/${allowName}`;

/** The rules of the Bastion subnet's group as a deployment writes them. */
export const bastionGroup = bastionNsgRules([8022]).map((wire) =>
  rule(wire.name, {
    access: "allow",
    direction: wire.direction === "Inbound" ? "inbound" : "outbound",
    priority: wire.priority,
    protocol: wire.protocol.toLowerCase(),
    sources: [wire.sourceAddressPrefix],
    destinations: [wire.destinationAddressPrefix],
    ports: wire.destinationPortRanges ?? [wire.destinationPortRange!],
  }),
);
