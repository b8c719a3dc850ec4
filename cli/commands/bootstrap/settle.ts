/** Repairs the state after a run that was killed, so that the next one does not create a resource twice. */
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import type { ArmClient } from "../../azure/armClient.ts";
import { isNotFound } from "../../azure/failure.ts";
import { readAs } from "../../azure/read.ts";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import type { StateResource } from "./deployment.ts";
import { pendingId, type PendingId } from "./pendingIds.ts";
import type { PulumiStack } from "./pulumiStack.ts";

/** Longest wait for a creation that continues in Azure, in milliseconds. */
const patience = 300_000;
const settled = new Set(["succeeded", "failed", "canceled"]);
const resource = v.object({
  properties: v.optional(v.looseObject({ provisioningState: v.optional(v.string()) }), {}),
});

/**
 * Looks in Azure for each resource whose creation was interrupted, and imports those that exist into the state.
 * Pulumi's own `refresh --import-pending-creates` only marks them (pulumi 3.259, pkg/cmd/pulumi/operations/refresh.go).
 */
export async function settleInterrupted(
  stack: PulumiStack,
  { arm, subscriptionId, io, progress }: { arm: ArmClient; subscriptionId: string; io: Io; progress: Progress },
): Promise<void> {
  const state = await stack.export();
  const { deployment } = state;
  const { pending_operations: pending } = deployment;
  const resources = [...deployment.resources];
  if (pending.length === 0 && !resources.some(isUnread)) return;
  progress.update("Looking for what the interrupted run was creating");
  for (const { type, resource: one } of pending) {
    const asked = type === "creating" ? pendingId(one, subscriptionId) : undefined;
    const isKnown = resources.some(({ urn }) => urn === one.urn);
    if (asked !== undefined && !isKnown && (await isThere(asked, arm, io))) {
      resources.push({ ...one, id: asked.id, outputs: {} });
    }
  }
  await stack.import({ ...state, deployment: { ...deployment, resources, pending_operations: [] } });
  const changed = pending.filter(({ type }) => type !== "creating").map((one) => one.resource.urn);
  const known = resources.filter((one) => isUnread(one) || changed.includes(one.urn)).map(({ urn }) => urn);
  if (known.length === 0) return;
  await stack.refresh(known, (line) => {
    progress.update(line.trim());
  });
}

/** Whether the state has nothing but the id of a resource, because a run was interrupted while importing it. */
function isUnread({ type, id, outputs = {} }: StateResource): boolean {
  return id !== undefined && type.startsWith("azure-native:") && Object.keys(outputs).length === 0;
}

async function isThere({ id, apiVersion }: PendingId, arm: ArmClient, io: Io): Promise<boolean> {
  const end = Date.now() + patience;
  for (;;) {
    try {
      const { properties } = readAs(resource, await arm.get(id, apiVersion), id);
      if (settled.has(properties.provisioningState?.toLowerCase() ?? "succeeded")) return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
    if (Date.now() > end) {
      throw new UserError(`${id} is still being created.`, "Run this command again later.");
    }
    await delay(2000, undefined, { signal: io.signal });
  }
}
