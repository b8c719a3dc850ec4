import { existsSync, readFileSync, rmSync } from "node:fs";
import { isObject } from "./arm/bodies.ts";
import type { Json, JsonObject } from "./arm/model.ts";
import { armId } from "./bridge/azureNative/crud.ts";
import { resourceTypes } from "./bridge/azureNative/resourceTypes.ts";
import { hiddenSecret, isSecret, secretOf } from "./bridge/protocol.ts";
import { openSdkTypings } from "./bridge/azureNative/sdkTypings.ts";
import { writePrivate, type SandboxDescription, type SandboxDirectory } from "./directory.ts";
import type { PendingResource } from "./interruptedResource.ts";
import type { FailedCreate } from "./runEvents.ts";
import { openStateFile } from "./stateFile.ts";

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
      inputs: importable(inputs),
    };
  });
}

/**
 * The inputs in a form that a state takes: of a secret, the engine's events show that it is one, and this word in the place
 * of its text. The provider takes the word for whatever the program says (`hiddenSecret`), which is what was sent.
 */
function importable(inputs: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]): [string, Json] => {
      if (!isObject(value)) return [name, value];
      return [name, isSecret(value) ? secretOf(hiddenSecret) : importable(value)];
    }),
  );
}

/** Keeps the creations for the next run to look for: Pulumi itself forgets a creation that failed. */
export function keepLostCreates({ lostCreatesFile }: SandboxDirectory, lost: readonly LostCreate[]): void {
  if (lost.length > 0) {
    writePrivate(lostCreatesFile, JSON.stringify([...keptLostCreates({ lostCreatesFile }), ...lost], null, 2));
  }
}

/** What earlier runs kept. */
export function keptLostCreates({ lostCreatesFile }: Pick<SandboxDirectory, "lostCreatesFile">): LostCreate[] {
  if (!existsSync(lostCreatesFile)) return [];
  // Without it, the next `up` is told by Azure what exists already.
  return openStateFile(
    lostCreatesFile,
    "Delete it.",
    () => JSON.parse(readFileSync(lostCreatesFile, "utf8")) as LostCreate[],
  );
}

/** Forgets them, once the state tells what became of them. */
export function forgetLostCreates({ lostCreatesFile }: Pick<SandboxDirectory, "lostCreatesFile">): void {
  rmSync(lostCreatesFile, { force: true });
}
