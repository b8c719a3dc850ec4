import * as v from "valibot";
import { storageApiVersion } from "./apiVersions.ts";
import type { ArmClient } from "./armClient.ts";
import { isNotFound } from "./failure.ts";
import { readAs } from "./read.ts";

/** A rule of a storage account that deletes blobs after some time. */
export interface DeletionRule {
  readonly name: string;
  readonly enabled: boolean;
  /** Prefixes of the blobs' names, each beginning with the container; empty for all blobs. */
  readonly prefixes: readonly string[];
  readonly blobTypes: readonly string[];
  /** Null if the rule does not go by that time. */
  readonly daysAfterCreation: number | null;
  readonly daysAfterModification: number | null;
}

const days = v.nullish(v.number());
const policy = v.object({
  properties: v.object({
    policy: v.object({
      rules: v.array(
        v.object({
          name: v.string(),
          enabled: v.nullish(v.boolean()),
          definition: v.object({
            actions: v.object({
              baseBlob: v.nullish(
                v.object({
                  delete: v.nullish(
                    v.object({ daysAfterCreationGreaterThan: days, daysAfterModificationGreaterThan: days }),
                  ),
                }),
              ),
            }),
            filters: v.nullish(
              v.object({
                prefixMatch: v.nullish(v.array(v.string())),
                blobTypes: v.nullish(v.array(v.string())),
              }),
            ),
          }),
        }),
      ),
    }),
  }),
});

/**
 * Reads the rules that delete blobs of a storage account (azure-docs, lifecycle-management-policy-structure.md). Returns none
 * if it has no policy.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Storage/storageAccounts/managementPolicies/read`.
 */
export async function readDeletionRules(arm: ArmClient, accountId: string): Promise<DeletionRule[]> {
  let body: unknown;
  try {
    body = await arm.get(`${accountId}/managementPolicies/default`, storageApiVersion);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
  return readAs(policy, body, "the lifecycle policy").properties.policy.rules.flatMap(
    ({ name, enabled, definition }) => {
      const deletion = definition.actions.baseBlob?.delete;
      if (!deletion) return [];
      return [
        {
          name,
          enabled: enabled ?? true,
          prefixes: definition.filters?.prefixMatch ?? [],
          blobTypes: definition.filters?.blobTypes ?? [],
          daysAfterCreation: deletion.daysAfterCreationGreaterThan ?? null,
          daysAfterModification: deletion.daysAfterModificationGreaterThan ?? null,
        },
      ];
    },
  );
}
