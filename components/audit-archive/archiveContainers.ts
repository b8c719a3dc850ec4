/** The containers of an archive, and their retention. */
import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer.js";
import { BlobServiceProperties } from "@pulumi/azure-native/storage/blobServiceProperties.js";
import type { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import { activityLogContainerName, auditContainerName } from "@bastion-trail/core/links/archivePath";
import { createImmutability } from "./containerImmutability.ts";
import { Immutability, isImmutable } from "./archiveRules.ts";
import { createLogContainer } from "./logContainer.ts";
import { createRetentionRule, defaultRetentionDays, softDeleteDays } from "../shared/logRetention.ts";

/** The arguments of an archive that its containers depend on. */
export interface ContainersArgs {
  /** What an error calls the archive, for example `AuditArchive "audit"`. */
  readonly subject: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly retentionDays?: number;
  readonly immutability?: Immutability;
  readonly immutabilityDays?: number;
  readonly holdsActivityLog?: boolean;
  readonly allowEvidenceLoss?: boolean;
}

/** Input of every step of the construction. */
interface Build {
  /** Pulumi name of the archive. */
  readonly name: string;
  readonly account: StorageAccount;
  readonly args: ContainersArgs;
  readonly parent: { readonly parent: pulumi.Resource };
}

/** Azure Monitor appends to each blob for an hour (resource-logs.md). */
const logBlobs = { type: "appendBlob", containers: [auditContainerName, activityLogContainerName] } as const;

/** Creates everything that a new account must have before it receives its first log. */
export function createContainers(
  name: string,
  account: StorageAccount,
  args: ContainersArgs,
  parent: Build["parent"],
): pulumi.CustomResource[] {
  const build = { name, account, args, parent };
  const blobService = createBlobService(build);
  const container = createAuditContainer(build, blobService);
  const retention = isImmutable(args.immutability)
    ? [
        ...createPolicy(build, name, container.name, []),
        ...(args.holdsActivityLog === false ? [] : createActivityContainer(build, blobService)),
      ]
    : [
        createRetentionRule(
          name,
          { ...retentionOf(build), days: args.retentionDays ?? defaultRetentionDays },
          logBlobs,
          parent,
        ),
      ];
  return [blobService, container, ...retention];
}

/** Returns the settings shared by all rules of retention and immutability. */
function retentionOf({ account, args }: Build) {
  const { subject, resourceGroupName, allowEvidenceLoss } = args;
  return { subject, resourceGroupName, accountName: account.name, allowEvidenceLoss };
}

/** Puts a container under the immutability policy that the arguments describe. */
function createPolicy(
  build: Build,
  policyName: string,
  containerName: pulumi.Input<string>,
  dependsOn: pulumi.Resource[],
): pulumi.CustomResource[] {
  const { immutability, immutabilityDays: days = 0 } = build.args;
  const policy = { ...retentionOf(build), containerName, days, locked: immutability === Immutability.Locked };
  return createImmutability(policyName, policy, { ...build.parent, dependsOn });
}

/**
 * JIT requests are evidence too. Azure Monitor creates their container with the first event, so it may exist already.
 */
function createActivityContainer(build: Build, blobService: BlobServiceProperties): pulumi.CustomResource[] {
  const { name, account, parent } = build;
  const containerId = pulumi.interpolate`${account.id}/blobServices/default/containers/${activityLogContainerName}`;
  const container = createLogContainer(`${name}-activity-container`, containerId, {
    ...parent,
    dependsOn: blobService,
  });
  return [container, ...createPolicy(build, `${name}-activity`, activityLogContainerName, [container])];
}

function createBlobService({ name, account, args, parent }: Build) {
  return new BlobServiceProperties(
    `${name}-blob-service`,
    {
      resourceGroupName: args.resourceGroupName,
      accountName: account.name,
      blobServicesName: "default",
      isVersioningEnabled: !isImmutable(args.immutability),
      deleteRetentionPolicy: { enabled: true, days: softDeleteDays },
      containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays },
    },
    parent,
  );
}

/**
 * Azure Monitor would create the container with the first record, but an immutability policy requires an existing
 * container.
 */
function createAuditContainer({ name, account, args, parent }: Build, blobService: BlobServiceProperties) {
  return new BlobContainer(
    `${name}-container`,
    {
      resourceGroupName: args.resourceGroupName,
      accountName: account.name,
      containerName: auditContainerName,
      publicAccess: storage.PublicAccess.None,
    },
    // Soft delete should be on before any immutability policy applies (immutable-storage-overview.md).
    { ...parent, dependsOn: blobService },
  );
}
