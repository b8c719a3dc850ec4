import { existsSync, readFileSync, rmSync } from "node:fs";
import { isObject, type Json, type JsonObject } from "./arm/json.ts";
import { armId } from "./bridge/azureNative/crud.ts";
import { resourceTypes } from "./bridge/azureNative/resourceTypes.ts";
import { hiddenSecret, isSecret, secretOf } from "./bridge/protocol.ts";
import { openSdkTypings } from "./bridge/azureNative/sdkTypings.ts";
import { writePrivate, type SandboxDescription, type SandboxDirectory } from "./directory.ts";
import type { PendingResource } from "./interruptedResource.ts";
import type { FailedCreate } from "./runEvents.ts";
import { openStateFile } from "./stateFile.ts";

/** A creation that failed without a response from Azure, in the form of an interrupted one in a state. */
export interface LostCreate extends PendingResource {
  readonly id: string;
  readonly custom: true;
  readonly parent: string;
  readonly provider: string;
  readonly inputs: JsonObject;
}

/**
 * azure-native's error if a write was sent and the connection broke or Azure itself failed. It had checked before that
 * the resource did not exist, so a resource that exists afterwards was created by this write.
 */
const withoutAnswer = /^PUT \S+ failed: |^Status=5\d\d /;

/** Returns the creations of a failed run that Azure may nevertheless have carried out. */
export function lostCreates(
  failed: readonly FailedCreate[],
  { subscriptionId }: Pick<SandboxDescription, "subscriptionId">,
): LostCreate[] {
  const lost = failed.filter(
    ({ metadata, reasons }) =>
      metadata.type.startsWith("azure-native:") && reasons.some((reason) => withoutAnswer.test(reason)),
  );
  if (lost.length === 0) return [];
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
      inputs: importable(inputs),
    };
  });
}

/**
 * Returns the inputs in a form that a state accepts. For a secret, the engine's events show only this word instead of
 * its value. The provider treats the word as equal to the program's value (`hiddenSecret`), which is what was sent.
 */
function importable(inputs: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]): [string, Json] => {
      if (!isObject(value)) return [name, value];
      return [name, isSecret(value) ? secretOf(hiddenSecret) : importable(value)];
    }),
  );
}

/** Saves the creations so that the next run looks for them; Pulumi itself forgets a failed creation. */
export function keepLostCreates({ lostCreatesFile }: SandboxDirectory, lost: readonly LostCreate[]): void {
  if (lost.length > 0) {
    writePrivate(lostCreatesFile, JSON.stringify([...keptLostCreates({ lostCreatesFile }), ...lost], null, 2));
  }
}

/** Returns the creations saved by earlier runs. */
export function keptLostCreates({ lostCreatesFile }: Pick<SandboxDirectory, "lostCreatesFile">): LostCreate[] {
  if (!existsSync(lostCreatesFile)) return [];
  // Without the file, Azure reports existing resources at the next `up`.
  return openStateFile(
    lostCreatesFile,
    "Delete it.",
    () => JSON.parse(readFileSync(lostCreatesFile, "utf8")) as LostCreate[],
  );
}

/** Forgets the creations, once the state shows their result. */
export function forgetLostCreates({ lostCreatesFile }: Pick<SandboxDirectory, "lostCreatesFile">): void {
  rmSync(lostCreatesFile, { force: true });
}
