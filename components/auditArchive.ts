import * as pulumi from "@pulumi/pulumi";

/** How the archive's blobs are copied. Standard only: Azure Monitor does not write to Premium accounts (diagnostic-settings.md). */
export const StorageReplication = {
  lrs: "Standard_LRS",
  zrs: "Standard_ZRS",
  grs: "Standard_GRS",
  ragrs: "Standard_RAGRS",
  gzrs: "Standard_GZRS",
  ragzrs: "Standard_RAGZRS",
} as const;
export type StorageReplication = (typeof StorageReplication)[keyof typeof StorageReplication];

/** Whether the audit records may be changed or deleted before their time. */
export const Immutability = { off: "off", unlocked: "unlocked", locked: "locked" } as const;
export type Immutability = (typeof Immutability)[keyof typeof Immutability];

export interface AuditArchiveArgs {
  resourceGroupName: pulumi.Input<string>;
  bastionLocation: pulumi.Input<string>;
  location?: pulumi.Input<string>;
  accountNamePrefix?: pulumi.Input<string>;
  replication?: pulumi.Input<StorageReplication>;
  retentionDays?: number;
  immutability?: Immutability;
  immutabilityDays?: number;
  allowSharedKeyAccess?: pulumi.Input<boolean>;
  allowedIpRanges?: pulumi.Input<pulumi.Input<string>[]>;
  existingStorageAccountId?: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  lock?: "none" | "CanNotDelete" | "ReadOnly";
}

export class AuditArchive extends pulumi.ComponentResource {
  readonly accountId: pulumi.Output<string>;
  readonly accountName: pulumi.Output<string>;
  readonly containerName: pulumi.Output<string>;
  /**
   * The archive's region, known before the account exists, and an error where the archive would have to move.
   * Give it as `location` to what lies beside the archive, so that nothing is replaced when the move is refused.
   */
  readonly location: pulumi.Output<string>;
  readonly blobEndpoint: pulumi.Output<string>;

  constructor(name: string, args: AuditArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:AuditArchive", name, args, opts);
    throw new Error("Under construction.");
  }
}
