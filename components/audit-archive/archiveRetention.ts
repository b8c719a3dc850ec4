import { BlobContainerImmutabilityPolicy } from "@pulumi/azure-native/storage/blobContainerImmutabilityPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { shorterImmutability } from "./archiveRules.ts";
import { evidenceHook, shorterTime } from "../shared/evidenceChanges.ts";
import { ImmutabilityLock } from "./immutabilityLock.ts";
import type { RetentionArgs } from "../shared/logRetention.ts";
import type { HookInputs } from "../shared/updateHook.ts";
import type { Problem } from "../shared/validate.ts";

/** The loss of an immutability policy that gets shorter, over its inputs. */
export function policyLosses(before: HookInputs, after: HookInputs): Problem[] {
  const days = "immutabilityPeriodSinceCreationInDays";
  return shorterTime("immutabilityDays", before[days], after[days], shorterImmutability);
}

export interface ImmutabilityArgs extends RetentionArgs {
  readonly containerName: pulumi.Input<string>;
  /** Whether the policy is locked, for good. */
  readonly locked: boolean;
}

/** The time-based retention policy of a container to which Azure Monitor can still append. */
export function immutableFor(
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
      // azure-native deletes without the ETag that Azure asks for (pulumi-azure-native issue 2156), so it would always fail.
      // A policy goes with its container, which Azure deletes once it is empty; a locked one stays until then, as it should.
      retainOnDelete: true,
      hooks: { beforeUpdate: [keepsImmutability] },
      // Azure takes no PUT of a locked policy. ImmutabilityLock lengthens it.
      ...(locked ? { ignoreChanges: ["immutabilityPeriodSinceCreationInDays", "allowProtectedAppendWrites"] } : {}),
    },
  );
  return locked
    ? [policy, new ImmutabilityLock(`${name}-immutability-lock`, { policyId: policy.id, days }, opts)]
    : [policy];
}
