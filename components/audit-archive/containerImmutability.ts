import { BlobContainerImmutabilityPolicy } from "@pulumi/azure-native/storage/blobContainerImmutabilityPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { shorterImmutability } from "./archiveRules.ts";
import { evidenceHook, shorterTime } from "../shared/evidenceChanges.ts";
import { ImmutabilityLock } from "./immutabilityLock.ts";
import type { RetentionArgs } from "../shared/logRetention.ts";
import type { HookInputs } from "../shared/updateHook.ts";
import type { Problem } from "../shared/validate.ts";

/** Compares the inputs of an immutability policy and returns the loss if its period gets shorter. */
export function policyLosses(before: HookInputs, after: HookInputs): Problem[] {
  const days = "immutabilityPeriodSinceCreationInDays";
  return shorterTime("immutabilityDays", before[days], after[days], shorterImmutability);
}

export interface ImmutabilityArgs extends RetentionArgs {
  readonly containerName: pulumi.Input<string>;
  /** Whether the policy is locked permanently. */
  readonly locked: boolean;
}

/** Creates the time-based retention policy of a container, one that still allows Azure Monitor to append. */
export function createImmutability(
  name: string,
  { subject, resourceGroupName, accountName, containerName, days, locked, allowEvidenceLoss }: ImmutabilityArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource[] {
  const keepsImmutability = evidenceHook({
    name: `${name}-keeps-immutability`,
    subject,
    losses: policyLosses,
    allowEvidenceLoss,
  });
  const policy = new BlobContainerImmutabilityPolicy(
    `${name}-immutability`,
    {
      resourceGroupName,
      accountName,
      containerName,
      immutabilityPolicyName: "default",
      immutabilityPeriodSinceCreationInDays: days,
      allowProtectedAppendWrites: true,
    },
    {
      ...opts,
      // azure-native deletes without the ETag that Azure requires (pulumi-azure-native issue 2156), so a delete would
      // always fail. A policy is deleted with its container, which Azure deletes only when it is empty; a locked policy
      // stays until then, as it should.
      retainOnDelete: true,
      hooks: { beforeUpdate: [keepsImmutability] },
      // Azure refuses a PUT of a locked policy. ImmutabilityLock extends it instead.
      ...(locked ? { ignoreChanges: ["immutabilityPeriodSinceCreationInDays", "allowProtectedAppendWrites"] } : {}),
    },
  );
  return locked
    ? [policy, new ImmutabilityLock(`${name}-immutability-lock`, { policyId: policy.id, days }, opts)]
    : [policy];
}
