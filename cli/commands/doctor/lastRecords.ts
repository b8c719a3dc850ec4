/** The times of a host's last records in the archive and in the workspace. */
import type { LastBlobAnswer } from "../../audit/sources/archive/lastBlob.ts";
import type { ArmClient } from "../../azure/armClient.ts";
import type { AzureCredential } from "../../azure/credential.ts";
import { hasSignature } from "../../azure/blobEndpoint.ts";
import { auditContainerName } from "@bastion-trail/core/links/archivePath";
import { Uncheckable } from "./uncheckable.ts";

export interface LastRecords {
  /** @param accountId used in the error if access is refused. */
  readonly inArchive: (at: {
    readonly blobEndpoint: string;
    readonly blobPrefix: string;
    readonly accountId: string;
  }) => Promise<LastBlobAnswer>;
  readonly inWorkspace: (at: {
    readonly customerId: string;
    readonly hostId: string;
    readonly workspaceId: string;
  }) => Promise<Date | undefined>;
}

export interface LastRecordsOptions {
  readonly arm: ArmClient;
  readonly credential: AzureCredential;
  readonly signal: AbortSignal;
}

/** Loads Azure's clients on the first call. */
export function lastRecordsOf({ arm, credential, signal }: LastRecordsOptions): LastRecords {
  return {
    inArchive: async ({ blobEndpoint, blobPrefix, accountId }) => {
      const permission = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read (data)";
      try {
        const { findLastBlob } = await import("../../audit/sources/archive/lastBlob.ts");
        const signIn = hasSignature(blobEndpoint) ? {} : { credential };
        return await findLastBlob({ blobEndpoint, container: auditContainerName, blobPrefix, signal, ...signIn });
      } catch (error) {
        throw new Uncheckable({ permission, scope: accountId, role: "Storage Blob Data Reader" }, error);
      }
    },
    inWorkspace: async ({ customerId, hostId, workspaceId }) => {
      const permission = "Microsoft.OperationalInsights/workspaces/query/read";
      try {
        const { lastRecordTime } = await import("../../audit/sources/workspace/lastRecordTime.ts");
        const endpoint = arm.cloud.logAnalytics;
        return await lastRecordTime({ endpoint, customerId, credential, hostId, now: arm.now(), signal });
      } catch (error) {
        throw new Uncheckable({ permission, scope: workspaceId, role: "Log Analytics Reader" }, error);
      }
    },
  };
}
