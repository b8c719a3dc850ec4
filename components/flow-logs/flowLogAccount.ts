/** The storage account of the flow logs. */
import { BlobServiceProperties } from "@pulumi/azure-native/storage/blobServiceProperties.js";
import type { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import type * as pulumi from "@pulumi/pulumi";
import { createHardenedAccount } from "../shared/hardenedStorageAccount.ts";
import { softDeleteDays } from "../shared/logRetention.ts";
import type { Placement } from "../shared/placement.ts";
import type { Checked } from "../shared/validate.ts";
import type { FlowLogRequest } from "./flowLogRules.ts";

interface FlowLogAccountArgs extends Placement {
  /** Owner of the account, for messages. */
  readonly subject: string;
  readonly request: Checked<FlowLogRequest>;
  /** Whether the account's keys give access to the data. */
  readonly sharedKey: pulumi.Input<boolean>;
}

export function createFlowLogAccount(
  name: string,
  { request, sharedKey, ...owned }: FlowLogAccountArgs,
  opts: pulumi.CustomResourceOptions,
): { readonly account: StorageAccount; readonly blobService: BlobServiceProperties } {
  const account = createHardenedAccount(
    `${name}-account`,
    {
      ...owned,
      namePrefix: request.accountNamePrefix,
      replication: request.replication,
      allowSharedKeyAccess: sharedKey,
      allowedIpRanges: [],
    },
    opts,
  );
  const blobService = new BlobServiceProperties(
    `${name}-blob-service`,
    {
      resourceGroupName: owned.resourceGroupName,
      accountName: account.name,
      blobServicesName: "default",
      // Versioning and soft delete would keep every state of a blob that is rewritten every minute.
      isVersioningEnabled: false,
      deleteRetentionPolicy: { enabled: false },
      containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays },
    },
    opts,
  );
  return { account, blobService };
}
