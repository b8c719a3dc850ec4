import { BlobContainerImmutabilityPolicy } from "@pulumi/azure-native/storage/blobContainerImmutabilityPolicy.js";
import {
  getBlobContainerImmutabilityPolicy,
  type GetBlobContainerImmutabilityPolicyResult,
} from "@pulumi/azure-native/storage/getBlobContainerImmutabilityPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { Immutability, shorterImmutability } from "./archiveRules.ts";
import { evidenceHook, shorterTime } from "../shared/evidenceChanges.ts";
import { ImmutabilityLock } from "./immutabilityLock.ts";
import { hook } from "../shared/hook.ts";
import { present, textsIn } from "../shared/liveResource.ts";
import type { RetentionArgs } from "../shared/logRetention.ts";
import type { HookInputs } from "../shared/hookInputs.ts";
import { type Problem, refuse } from "../shared/validate.ts";

/** Compares the inputs of an immutability policy and returns the loss if its period gets shorter. */
export function policyLosses(before: HookInputs, after: HookInputs): Problem[] {
  const days = "immutabilityPeriodSinceCreationInDays";
  return shorterTime("immutabilityDays", before[days], after[days], shorterImmutability);
}

/**
 * Returns the reason why a container cannot get a policy, if any: it has one that is not in the state, such as one that
 * an archive left when its immutability was switched off. Without a policy, Azure shows one of 0 days.
 */
export function presentPolicyProblems(
  wanted: Immutability,
  { accountName, containerName }: { readonly accountName: string; readonly containerName: string },
  { immutabilityPeriodSinceCreationInDays: days = 0 }: Partial<GetBlobContainerImmutabilityPolicyResult>,
): Problem[] {
  return days === 0
    ? []
    : [
        {
          key: "immutability",
          value: wanted,
          reason: `the container ${containerName} of the account ${accountName} already has a policy of ${days} days that the stack does not know, such as one left by an earlier deployment; delete it first (az storage container immutability-policy delete)`,
        },
      ];
}

/** Returns a hook that refuses to create a policy that exists, also in a preview. */
function refusesPresentPolicy(
  subject: string,
  purpose: string,
  wanted: Immutability,
  opts: pulumi.InvokeOptions,
): pulumi.ResourceHook {
  return hook(
    subject,
    purpose,
    async ({ newInputs = {} }) => {
      // The account is not known in the preview of a first deployment.
      const place = textsIn(newInputs, "resourceGroupName", "accountName", "containerName");
      if (place === undefined) return;
      const live = await present(
        getBlobContainerImmutabilityPolicy({ ...place, immutabilityPolicyName: "default" }, opts),
      );
      if (live !== undefined) refuse(subject, presentPolicyProblems(wanted, place, live));
    },
    { onDryRun: true },
  );
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
    subject,
    keeps: `${name}-immutability`,
    losses: policyLosses,
    allowEvidenceLoss,
  });
  const isNew = refusesPresentPolicy(
    subject,
    `${name}-immutability-is-new`,
    locked ? Immutability.Locked : Immutability.Unlocked,
    { parent: opts.parent },
  );
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
      hooks: { beforeCreate: [isNew], beforeUpdate: [keepsImmutability] },
      // Azure refuses a PUT of a locked policy. ImmutabilityLock extends it instead.
      ...(locked ? { ignoreChanges: ["immutabilityPeriodSinceCreationInDays", "allowProtectedAppendWrites"] } : {}),
    },
  );
  return locked
    ? [policy, new ImmutabilityLock(`${name}-immutability-lock`, { policyId: policy.id, days }, opts)]
    : [policy];
}
