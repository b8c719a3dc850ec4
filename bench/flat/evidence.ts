import * as azure from "./azureNative.ts";
import * as pulumi from "@pulumi/pulumi";
import * as random from "./random.ts";

export interface EvidencePlace {
  common: { resourceGroupName: pulumi.Output<string>; location: string; tags: Record<string, string> };
  prefix: string;
  bastionHostId: pulumi.Output<string>;
}

/** Creates the archive and the workspace, and the settings that send logs there. */
export function createEvidence({ common, prefix, bastionHostId }: EvidencePlace) {
  const { subscriptionId } = azure.authorization.getClientConfigOutput();
  const suffix = new random.RandomString("archive-account-suffix", { length: 8, special: false, upper: false });
  const account = new azure.storage.StorageAccount("archive-account", {
    ...common,
    accountName: pulumi.interpolate`${prefix.replaceAll("-", "")}${suffix.result}`,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    accessTier: "Hot",
    minimumTlsVersion: "TLS1_2",
    enableHttpsTrafficOnly: true,
    allowBlobPublicAccess: false,
    allowCrossTenantReplication: false,
    allowSharedKeyAccess: false,
    defaultToOAuthAuthentication: true,
    isHnsEnabled: false,
    dnsEndpointType: "Standard",
    networkRuleSet: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
    encryption: {
      keySource: "Microsoft.Storage",
      requireInfrastructureEncryption: true,
      services: { blob: { enabled: true, keyType: "Account" }, file: { enabled: true, keyType: "Account" } },
    },
  });
  const inAccount = { resourceGroupName: common.resourceGroupName, accountName: account.name };
  const blobService = new azure.storage.BlobServiceProperties("archive-blob-service", {
    ...inAccount,
    blobServicesName: "default",
    isVersioningEnabled: true,
    deleteRetentionPolicy: { enabled: true, days: 14 },
    containerDeleteRetentionPolicy: { enabled: true, days: 14 },
  });
  const container = new azure.storage.BlobContainer(
    "archive-container",
    { ...inAccount, containerName: "insights-logs-bastionauditlogs", publicAccess: "None" },
    { dependsOn: blobService },
  );
  const retention = new azure.storage.ManagementPolicy("archive-retention", {
    ...inAccount,
    managementPolicyName: "default",
    policy: {
      rules: [
        {
          name: "delete-logs-after-retention",
          type: "Lifecycle",
          enabled: true,
          definition: {
            filters: {
              blobTypes: ["appendBlob"],
              prefixMatch: ["insights-logs-bastionauditlogs/", "insights-activity-logs/"],
            },
            actions: {
              baseBlob: { delete: { daysAfterModificationGreaterThan: 365 } },
              snapshot: { delete: { daysAfterCreationGreaterThan: 365 } },
              version: { delete: { daysAfterCreationGreaterThan: 365 } },
            },
          },
        },
      ],
    },
  });
  const workspace = new azure.operationalinsights.Workspace("workspace-workspace", {
    ...common,
    workspaceName: `${prefix}-logs`,
    sku: { name: "PerGB2018" },
    retentionInDays: 90,
  });
  const sinks = { storageAccountId: account.id, workspaceId: workspace.id };
  const complete = { dependsOn: [container, retention], deleteBeforeReplace: true };
  new azure.monitor.DiagnosticSetting(
    "activity-setting",
    {
      ...sinks,
      name: prefix,
      resourceUri: pulumi.interpolate`subscriptions/${subscriptionId}`,
      logs: ["Administrative", "Security"].map((category) => ({ category, enabled: true })),
    },
    complete,
  );
  new azure.monitor.DiagnosticSetting(
    "audit-setting",
    {
      ...sinks,
      name: "bastion-audit-logs",
      resourceUri: bastionHostId,
      logAnalyticsDestinationType: "Dedicated",
      logs: [{ category: "BastionAuditLogs", enabled: true }],
    },
    { ...complete, ignoreChanges: ["resourceUri"], replacementTrigger: bastionHostId },
  );

  return { workspaceId: workspace.id };
}
