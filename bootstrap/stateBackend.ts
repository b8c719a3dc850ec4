/** The storage account that keeps the state of the stacks. */
import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer.js";
import { BlobServiceProperties } from "@pulumi/azure-native/storage/blobServiceProperties.js";
import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { LockLevel, lockResource } from "@bastion-trail/components";
import { createNamedAccount } from "@bastion-trail/components/shared/hardenedStorageAccount";
import { defaultReplication } from "@bastion-trail/components/shared/storageRules";
import { stateBackendUrl, stateContainerName } from "@bastion-trail/core/links/stateBackend";
import type { Place } from "./place.ts";

/** The state backend. */
export interface StateBackend {
  readonly accountId: pulumi.Output<string>;
  readonly containerId: pulumi.Output<string>;
  /** Argument for `pulumi login`. */
  readonly url: pulumi.Output<string>;
  /** Every resource that a lock on the account covers, except role assignments. */
  readonly parts: readonly pulumi.Resource[];
}

/** Days for which a deleted blob, a deleted container or a previous state can be restored. */
const keptDays = 30;

/**
 * Creates a container that only Entra ID can open. Every write of a state keeps the previous version for 30 days, and
 * deleted blobs can be restored for as long (versioning-overview.md, soft-delete-blob-overview.md,
 * soft-delete-container-overview.md).
 */
export function stateBackend({ names, location, resourceGroupName, registered }: Place): StateBackend {
  const group = { resourceGroupName };
  const account = createNamedAccount(
    "state-account",
    names.storageAccount,
    {
      ...group,
      subject: "The account of the state",
      location,
      replication: defaultReplication,
      allowSharedKeyAccess: false,
      allowedIpRanges: [],
    },
    { dependsOn: registered["Microsoft.Storage"] },
  );
  const inAccount = { ...group, accountName: account.name };
  const service = new BlobServiceProperties("state-blob-service", {
    ...inAccount,
    blobServicesName: "default",
    isVersioningEnabled: true,
    deleteRetentionPolicy: { enabled: true, days: keptDays },
    containerDeleteRetentionPolicy: { enabled: true, days: keptDays },
  });
  const container = new BlobContainer(
    "state-container",
    { ...inAccount, containerName: stateContainerName, publicAccess: storage.PublicAccess.None },
    { dependsOn: service },
  );
  const retention = new ManagementPolicy("state-retention", {
    ...inAccount,
    managementPolicyName: "default",
    policy: {
      rules: [
        {
          name: "delete-old-versions",
          type: storage.RuleType.Lifecycle,
          enabled: true,
          definition: {
            filters: { blobTypes: ["blockBlob"], prefixMatch: [`${stateContainerName}/`] },
            // A stack writes its state at every step, so versions would accumulate without limit.
            actions: { version: { delete: { daysAfterCreationGreaterThan: keptDays } } },
          },
        },
      ],
    },
  });
  return {
    accountId: account.id,
    containerId: container.id,
    url: account.primaryEndpoints.apply(({ blob }) => stateBackendUrl(names.storageAccount, blob)),
    parts: [account, service, container, retention],
  };
}

/**
 * Locks the account so that nobody deletes the state by mistake. The lock also covers the role assignments on the
 * container, so it must be deleted before them.
 * @param covered - everything that must be deleted after the lock.
 */
export function lockState(backend: StateBackend, covered: readonly pulumi.Resource[]): void {
  lockResource(
    "state-lock",
    { scope: backend.accountId, level: LockLevel.CanNotDelete, notes: "Holds the state of the Pulumi stacks." },
    { dependsOn: [...backend.parts, ...covered] },
  );
}
