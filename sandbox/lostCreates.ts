import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { JsonObject } from "./arm/model.ts";
import { armId } from "./bridge/azureNative/crud.ts";
import { resourceTypes } from "./bridge/azureNative/resourceTypes.ts";
import { openSdkTypings } from "./bridge/azureNative/sdkTypings.ts";
import type { SandboxDescription } from "./directory.ts";
import type { PendingResource } from "./interruptedResource.ts";
import type { FailedCreate } from "./runEvents.ts";

/** A creation that failed without Azure's word on it, as a state keeps one that was interrupted. */
export interface LostCreate extends PendingResource {
  readonly id: string;
  readonly custom: true;
  readonly parent: string;
  readonly provider: string;
  readonly inputs: JsonObject;
}

/**
 * What azure-native says when a write was sent, and the connection broke or Azure failed itself. It had looked before
 * that there was no such resource, so one that is there afterwards comes from this write.
 */
const withoutAnswer = /^PUT \S+ failed: |^Status=5\d\d /;

/** The creations of a failed run that Azure may have carried out all the same. */
export function lostCreates(
  failed: readonly FailedCreate[],
  { subscriptionId }: Pick<SandboxDescription, "subscriptionId">,
): LostCreate[] {
  const lost = failed.filter(
    ({ metadata, reasons }) =>
      metadata.type.startsWith("azure-native:") && reasons.some((reason) => withoutAnswer.test(reason)),
  );
  if (lost.length === 0) {
    return [];
  }
  const types = resourceTypes(openSdkTypings());
  return lost.map(({ metadata }): LostCreate => {
    const { urn, type, new: state, provider } = metadata;
    const inputs = (state?.inputs ?? {}) as JsonObject;
    return {
      urn,
      type,
      id: armId(types.byToken(type).path, inputs, subscriptionId),
      custom: true,
      parent: state?.parent ?? "",
      provider: state?.provider ?? provider,
      // The engine's events hide secrets, so what these inputs were is left to Azure to tell, as in an import.
      inputs: {},
    };
  });
}

/**
 * Notes the creations in the stack's state as pending, which is what they are, and what a killed engine leaves: the next
 * run looks for them. Pulumi itself forgets a creation that failed.
 */
export async function keepLostCreates(stack: Stack, lost: readonly LostCreate[]): Promise<void> {
  if (lost.length === 0) {
    return;
  }
  const exported = await stack.exportStack();
  const deployment = exported.deployment as { resources?: { urn: string }[]; pending_operations?: object[] };
  const known = new Set((deployment.resources ?? []).map(({ urn }) => urn));
  const pending = lost.filter(({ urn }) => !known.has(urn)).map((resource) => ({ resource, type: "creating" }));
  if (pending.length > 0) {
    deployment.pending_operations = [...(deployment.pending_operations ?? []), ...pending];
    await stack.importStack({ ...exported, deployment });
  }
}
