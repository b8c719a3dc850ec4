import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { evidenceHook, shorterTime } from "./evidenceChanges.ts";
import type { HookInputs } from "./hookInputs.ts";
import { isWholeNumberWithin, type Problem } from "./problem.ts";

/** Default retention of logs that can be deleted, in days. */
export const defaultRetentionDays = 365;
// ManagementPolicy allows any number of days. A number above a century is more likely a mistake than intended.
export const longestRetentionDays = 36_500;

/** Days for which deleted blobs and containers can be restored. */
export const softDeleteDays = 14;

/** Effect of a shorter retention. */
export const shorterRetention = "the archive would delete logs";

/** Returns the reason to refuse a retention, if any. */
export function retentionDaysProblems(days: number): Problem[] {
  return isWholeNumberWithin(days, 1, longestRetentionDays)
    ? []
    : [
        {
          key: "retentionDays",
          value: days,
          reason: `must be a whole number of days from 1 to ${longestRetentionDays}`,
        },
      ];
}

/** Where the records are, and how long they are kept. */
export interface RetentionArgs {
  /** Owner of the rule, for messages. */
  readonly subject: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly accountName: pulumi.Input<string>;
  readonly days: number;
  /** Whether the retention may get shorter. */
  readonly allowEvidenceLoss: boolean | undefined;
}

/** Which blobs of an account hold logs. */
export interface LogBlobs {
  readonly type: "appendBlob" | "blockBlob";
  /** Names of the containers. */
  readonly containers: readonly string[];
}

/** Creates the rule that deletes log blobs, their versions and snapshots a number of days after their last record. */
export function createRetentionRule(
  name: string,
  { subject, resourceGroupName, accountName, days, allowEvidenceLoss }: RetentionArgs,
  blobs: LogBlobs,
  opts: pulumi.CustomResourceOptions,
): ManagementPolicy {
  // The hook is on the resource because a refresh reads its days from Azure: a retention that was raised there is not
  // lowered unnoticed.
  const keepsRetention = evidenceHook({
    subject,
    keeps: "retention",
    losses: lifecycleLosses,
    allowEvidenceLoss,
  });
  return new ManagementPolicy(
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
                blobTypes: [blobs.type],
                prefixMatch: blobs.containers.map((container) => `${container}/`),
              },
              // Append blobs can only be deleted; tiers exist only for block blobs
              // (lifecycle-management-policy-structure.md).
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
    { ...opts, hooks: { beforeUpdate: [keepsRetention] } },
  );
}

const retentionRule = "delete-logs-after-retention";

/** Compares the inputs of a `ManagementPolicy` and returns the loss if its rule deletes logs earlier. */
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
