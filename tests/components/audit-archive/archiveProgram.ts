/** Programs with an `AuditArchive`, recorded or refused. */
import { AuditArchive, type AuditArchiveArgs } from "../../../components/audit-archive/auditArchive.ts";
import { recordProgram, refusalOf, subscriptionId } from "../recordedProgram.ts";

export const account = "azure-native:storage:StorageAccount";
export const blobService = "azure-native:storage:BlobServiceProperties";
export const container = "azure-native:storage:BlobContainer";
export const lifecycle = "azure-native:storage:ManagementPolicy";
export const immutabilityPolicy = "azure-native:storage:BlobContainerImmutabilityPolicy";
export const dynamicResource = "pulumi-nodejs:dynamic:Resource";
export const managementLock = "azure-native:authorization:ManagementLockByScope";
export const existing = `/subscriptions/${subscriptionId}/resourceGroups/logs/providers/Microsoft.Storage/storageAccounts/centrallogs`;

export const minimal: AuditArchiveArgs = { resourceGroupName: "rg", bastionLocation: "westeurope" };

export function deploy(args: Partial<AuditArchiveArgs>, found: Record<string, unknown> = {}) {
  return recordProgram(
    () => {
      const { accountId, accountName, containerName, location, blobEndpoint } = new AuditArchive("trail", {
        ...minimal,
        ...args,
      });
      return { accountId, accountName, containerName, location, blobEndpoint };
    },
    {
      outputs: (type, inputs) =>
        type === "random:index/randomString:RandomString"
          ? { result: "k3j9x2ab" }
          : type === account
            ? {
                name: inputs.accountName,
                primaryEndpoints: { blob: `https://${String(inputs.accountName)}.blob.core.windows.net/` },
              }
            : type === container
              ? { name: inputs.containerName }
              : {},
      functions: {
        "azure-native:authorization:getClientToken": () => ({ token: "secret-token" }),
        "azure-native:storage:getStorageAccount": () => ({
          id: existing,
          name: "centrallogs",
          location: "westeurope",
          kind: "StorageV2",
          sku: { name: "Standard_GRS", tier: "Standard" },
          isHnsEnabled: false,
          networkRuleSet: { defaultAction: "Deny", bypass: "Logging, AzureServices" },
          primaryEndpoints: { blob: "https://centrallogs.blob.core.windows.net/" },
          ...found,
        }),
      },
    },
  );
}

/** What is refused, how it is asked for, and what is wrong with it. */
export type Refused = readonly [what: string, args: Partial<AuditArchiveArgs>, reason: string];

/** The message with which a deployment is refused. */
export function refusal(args: Partial<AuditArchiveArgs>, found?: Record<string, unknown>): Promise<string> {
  return refusalOf(() => deploy(args, found));
}
