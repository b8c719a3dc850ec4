import { BlobContainerImmutabilityPolicy } from "@pulumi/azure-native/storage/blobContainerImmutabilityPolicy.js";
import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { activityLogContainerName, auditContainerName } from "@bastion-trail/core/links/archivePath";
import { shorterImmutability, shorterRetention } from "./archiveRules.ts";
import { evidenceHook, shorterTime } from "../shared/evidenceChanges.ts";
import { ImmutabilityLock } from "./immutabilityLock.ts";
import type { HookInputs, UpdateRule } from "../shared/updateHook.ts";
import type { Problem } from "../shared/validate.ts";

/** Where the records are, and for how many days they stay. */
export interface RetentionArgs {
  /** Whose rule it is, for messages. */
  readonly subject: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly accountName: pulumi.Input<string>;
  readonly days: number;
  /** Whether the days may get fewer. */
  readonly allowEvidenceLoss: boolean | undefined;
}

/** The rule that deletes log blobs, their versions and snapshots, once their last record is so many days old. */
export function deletedAfter(
  name: string,
  { subject, resourceGroupName, accountName, days, allowEvidenceLoss }: RetentionArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource[] {
  const policy = new ManagementPolicy(
    `${name}-retention`,
    {
      resourceGroupName,
      accountName,
      managementPolicyName: "default",
      policy: {
        rules: [
          {
            name: retentionRule,
            type: storage.RuleType.Lifecycle,
            enabled: true,
            definition: {
              filters: {
                blobTypes: ["appendBlob"],
                prefixMatch: [`${auditContainerName}/`, `${activityLogContainerName}/`],
              },
              // Tiers are for block blobs alone; append blobs can only be deleted (lifecycle-management-policy-structure.md).
              actions: {
                baseBlob: { delete: { daysAfterModificationGreaterThan: days } },
                snapshot: { delete: { daysAfterCreationGreaterThan: days } },
                version: { delete: { daysAfterCreationGreaterThan: days } },
              },
            },
          },
        ],
      },
    },
    {
      ...opts,
      hooks: { beforeUpdate: [keepsDays(`${name}-keeps-retention`, subject, lifecycleLosses, allowEvidenceLoss)] },
    },
  );
  return [policy];
}

const retentionRule = "delete-logs-after-retention";

/**
 * Refuses fewer days. It is a hook of the resource, whose days a refresh reads from Azure: what somebody lengthened there is
 * not shortened unnoticed.
 */
function keepsDays(hook: string, subject: string, losses: UpdateRule, allowEvidenceLoss: boolean | undefined) {
  return evidenceHook({ name: hook, subject, losses, allowEvidenceLoss });
}

/** The loss of a `ManagementPolicy` whose rule deletes logs earlier, over its inputs. */
export function lifecycleLosses(before: HookInputs, after: HookInputs): Problem[] {
  return shorterTime("retentionDays", retentionDaysIn(before), retentionDaysIn(after), shorterRetention);
}

function retentionDaysIn(inputs: HookInputs): unknown {
  const { policy } = inputs as { policy?: { rules?: readonly LifecycleRule[] } };
  const rule = policy?.rules?.find(({ name }) => name === retentionRule);
  return rule?.definition?.actions?.baseBlob?.delete?.daysAfterModificationGreaterThan;
}

interface LifecycleRule {
  readonly name?: string;
  readonly definition?: {
    readonly actions?: {
      readonly baseBlob?: { readonly delete?: { readonly daysAfterModificationGreaterThan?: number } };
    };
  };
}

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
      hooks: { beforeUpdate: [keepsDays(`${name}-keeps-immutability`, subject, policyLosses, allowEvidenceLoss)] },
      // Azure takes no PUT of a locked policy. ImmutabilityLock lengthens it.
      ...(locked ? { ignoreChanges: ["immutabilityPeriodSinceCreationInDays", "allowProtectedAppendWrites"] } : {}),
    },
  );
  return locked
    ? [policy, new ImmutabilityLock(`${name}-immutability-lock`, { policyId: policy.id, days }, opts)]
    : [policy];
}
