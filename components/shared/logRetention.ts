import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { evidenceHook, shorterTime } from "./evidenceChanges.ts";
import type { HookInputs } from "./updateHook.ts";
import { isWholeNumberWithin, type Problem } from "./problem.ts";

/** Retention of logs that can be deleted when nothing else is said, in days. */
export const defaultRetentionDays = 365;
// ManagementPolicy takes any number of days; a century is where a number is more likely a slip than a wish.
export const longestRetentionDays = 36_500;

/** Days of retention that get shorter: the effect of the change. */
export const shorterRetention = "the archive would delete logs";

/** The reason to refuse a retention, if there is one. */
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

/** Which blobs of an account hold logs. */
export interface LogBlobs {
  readonly type: "appendBlob" | "blockBlob";
  /** Names of the containers. */
  readonly containers: readonly string[];
}

/** The rule that deletes log blobs, their versions and snapshots, once their last record is so many days old. */
export function deletedAfter(
  name: string,
  { subject, resourceGroupName, accountName, days, allowEvidenceLoss }: RetentionArgs,
  blobs: LogBlobs,
  opts: pulumi.CustomResourceOptions,
): ManagementPolicy {
  // A hook of the resource, whose days a refresh reads from Azure: what somebody lengthened there is not shortened unnoticed.
  const keepsRetention = evidenceHook({
    name: `${name}-keeps-retention`,
    subject,
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
              // Append blobs can only be deleted; tiers are for block blobs alone (lifecycle-management-policy-structure.md).
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
