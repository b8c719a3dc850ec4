import { BlobContainerImmutabilityPolicy } from "@pulumi/azure-native/storage/blobContainerImmutabilityPolicy.js";
import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { activityLogContainerName, auditContainerName } from "../links/archivePath.ts";
import { ImmutabilityLock } from "./immutabilityLock.ts";

/** Where the records are, and for how many days they stay. */
export interface RetentionArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly accountName: pulumi.Input<string>;
  readonly days: number;
}

/** The rule that deletes log blobs, their versions and snapshots, once their last record is so many days old. */
export function deletedAfter(
  name: string,
  { resourceGroupName, accountName, days }: RetentionArgs,
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
            name: "delete-logs-after-retention",
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
    opts,
  );
  return [policy];
}

export interface ImmutabilityArgs extends RetentionArgs {
  readonly containerName: pulumi.Input<string>;
  /** Whether the policy is locked, for good. */
  readonly locked: boolean;
}

/** The time-based retention policy of a container to which Azure Monitor can still append. */
export function immutableFor(
  name: string,
  { resourceGroupName, accountName, containerName, days, locked }: ImmutabilityArgs,
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
      // Azure takes no PUT of a locked policy. ImmutabilityLock lengthens it.
      ...(locked ? { ignoreChanges: ["immutabilityPeriodSinceCreationInDays", "allowProtectedAppendWrites"] } : {}),
    },
  );
  return locked
    ? [policy, new ImmutabilityLock(`${name}-immutability-lock`, { policyId: policy.id, days }, opts)]
    : [policy];
}
