/**
 * How long audit records are kept, and what can never change on an archive. Pure rules; the resources are in
 * auditArchive.ts. Sources: "Immutable storage overview" (azure-docs, immutable-storage-overview.md), "Container-level
 * WORM policies" (immutable-container-level-worm-policies.md), "Lifecycle management policy structure"
 * (lifecycle-management-policy-structure.md).
 */
import { regionName } from "@bastion-trail/core/rules/region";
import { adoptedSettingProblems } from "../shared/adoptedSettings.ts";
import { idProblems } from "../shared/armId.ts";
import { moveProblems } from "../shared/evidenceChanges.ts";
import { retentionDaysProblems } from "../shared/logRetention.ts";
import type { LockLevel } from "../resource-lock/resourceLock.ts";
import { ipRangeProblems, namePrefixProblems, replicationProblems } from "../shared/storageRules.ts";
import { type HookInputs, isGiven } from "../shared/hookInputs.ts";
import { isWholeNumberWithin, oneOfForm, type Problem } from "../shared/problem.ts";

/** Whether Azure refuses to change or delete audit records before the end of a period. */
export const Immutability = {
  /**
   * No policy: anybody who can write to the account can delete records. A lifecycle rule deletes them after the
   * retention.
   */
  Off: "off",
  /** A time-based retention policy that can still be shortened and deleted. Use it to try out immutability. */
  Unlocked: "unlocked",
  /** A permanent time-based retention policy: nobody, including Microsoft, can shorten or delete it. */
  Locked: "locked",
} as const;
export type Immutability = (typeof Immutability)[keyof typeof Immutability];

export function isImmutable(immutability: unknown): boolean {
  return immutability === Immutability.Unlocked || immutability === Immutability.Locked;
}

export const longestImmutabilityDays = 146_000;

/** The settings of one archive. `undefined` means not given. */
export interface ArchiveRequest {
  readonly bastionLocation: string;
  readonly location?: string;
  readonly accountNamePrefix?: string;
  readonly replication?: string;
  readonly retentionDays?: number;
  readonly immutability?: string;
  readonly immutabilityDays?: number;
  readonly sharedKey?: boolean;
  readonly allowedIpRanges?: readonly string[];
  readonly existingStorageAccountId?: string;
  readonly lock?: LockLevel;
}

/** Returns every reason to refuse the settings of an archive, as far as they are known. */
export function archiveProblems(request: Partial<ArchiveRequest>): Problem[] {
  return [
    ...locationProblems(request),
    ...(request.existingStorageAccountId === undefined
      ? [
          ...(request.replication === undefined ? [] : replicationProblems(request.replication)),
          ...(request.accountNamePrefix === undefined ? [] : namePrefixProblems(request.accountNamePrefix)),
          ...ipRangeProblems(request.allowedIpRanges ?? []),
          ...retentionProblems(request),
        ]
      : [
          ...idProblems(
            "existingStorageAccountId",
            request.existingStorageAccountId,
            "Microsoft.Storage/storageAccounts",
          ),
          ...adoptionProblems(request),
        ]),
  ];
}

function locationProblems({ location, bastionLocation }: Partial<ArchiveRequest>): Problem[] {
  if (location === undefined || bastionLocation === undefined) return [];
  if (regionName(location) === regionName(bastionLocation)) return [];
  return [
    {
      key: "location",
      value: location,
      reason: `must be the region of the Bastion host, ${regionName(bastionLocation)}: Azure Monitor writes a regional resource's logs only to storage accounts in the same region`,
    },
  ];
}

function retentionProblems({ retentionDays, immutability, immutabilityDays }: Partial<ArchiveRequest>): Problem[] {
  const problems: Problem[] = [];
  const immutable = isImmutable(immutability);
  if (immutability !== undefined && !immutable && immutability !== Immutability.Off) {
    problems.push({
      key: "immutability",
      value: immutability,
      reason: oneOfForm(immutability, Object.values(Immutability)),
    });
  }
  if (retentionDays !== undefined && immutable) {
    problems.push({
      key: "retentionDays",
      value: retentionDays,
      reason: `not allowed with immutability ${immutability}: lifecycle management does not delete blobs in an immutable container; set only immutabilityDays`,
    });
  } else if (retentionDays !== undefined) {
    problems.push(...retentionDaysProblems(retentionDays));
  }
  if (
    immutable &&
    (immutabilityDays === undefined || !isWholeNumberWithin(immutabilityDays, 1, longestImmutabilityDays))
  ) {
    problems.push({
      key: "immutabilityDays",
      value: immutabilityDays,
      reason: `must be a whole number of days from 1 to ${longestImmutabilityDays} with immutability ${immutability}`,
    });
  } else if (!immutable && immutabilityDays !== undefined) {
    problems.push({
      key: "immutabilityDays",
      value: immutabilityDays,
      reason: `has no effect unless immutability is ${Immutability.Unlocked} or ${Immutability.Locked}`,
    });
  }
  return problems;
}

function adoptionProblems(request: Partial<ArchiveRequest>): Problem[] {
  const { accountNamePrefix, replication, retentionDays, immutability, immutabilityDays } = request;
  return adoptedSettingProblems("storage account", "existingStorageAccountId", {
    accountNamePrefix,
    replication,
    retentionDays,
    immutability: immutability === Immutability.Off ? undefined : immutability,
    immutabilityDays,
    sharedKey: request.sharedKey,
    allowedIpRanges: request.allowedIpRanges,
  });
}

/**
 * Returns every change of a deployed archive that is never possible: a move, or a change that Azure refuses for a
 * locked policy.
 */
export function impossibleArchiveChanges(from: HookInputs, to: HookInputs): Problem[] {
  if (!isOwnArchive(from) || !isOwnArchive(to)) return [];
  const place = ["bastionLocation", "resourceGroupName", "accountNamePrefix"];
  return [...moveProblems("the archive", place, from, to), ...lockedPolicyProblems(from, to)];
}

function lockedPolicyProblems(from: HookInputs, to: HookInputs): Problem[] {
  if (from.immutability !== Immutability.Locked) return [];
  if (to.immutability !== Immutability.Locked) {
    return [
      {
        key: "immutability",
        value: to.immutability,
        reason: "the policy is locked; a locked policy can never be unlocked or deleted",
      },
    ];
  }
  const [was, wanted] = [from.immutabilityDays, to.immutabilityDays];
  if (typeof was === "number" && typeof wanted === "number" && wanted < was) {
    return [
      {
        key: "immutabilityDays",
        value: wanted,
        reason: `the policy is locked at ${was} days; a locked policy can only be lengthened`,
      },
    ];
  }
  return [];
}

/**
 * Returns every change of a deployed archive that loses evidence. Shorter retention is checked on the lifecycle rule
 * and on the immutability policy themselves: see containerImmutability.ts and shared/logRetention.ts.
 */
export function archiveLosses(from: HookInputs, to: HookInputs): Problem[] {
  if (!isOwnArchive(from)) return [];
  if (!isOwnArchive(to)) {
    return [
      {
        key: "existingStorageAccountId",
        value: to.existingStorageAccountId,
        reason: "Azure would delete the archive that this stack created, with all logs in it",
      },
    ];
  }
  return abandonsUnlockedPolicy(from, to)
    ? [
        {
          key: "immutability",
          value: to.immutability,
          reason: "it was unlocked: logs in the archive could be changed, and deleted before their time",
        },
      ]
    : [];
}

/** Effect of a shorter immutability period. */
export const shorterImmutability = "logs could be changed and deleted";

function isOwnArchive({ existingStorageAccountId }: HookInputs): boolean {
  // An adopted account is never created, replaced or deleted here, so no evidence can be lost.
  return !isGiven(existingStorageAccountId);
}

/** Whether a change leaves a policy in Azure that the configuration no longer describes. */
export function abandonsUnlockedPolicy(from: HookInputs, to: HookInputs): boolean {
  return from.immutability === Immutability.Unlocked && (to.immutability ?? Immutability.Off) === Immutability.Off;
}
