import assert from "node:assert/strict";
import {} from "../../../components/audit-archive/auditArchive.ts";
import { existing, deploy, refusal } from "./archiveProgram.ts";

describe("an archive in an adopted account", () => {
  it("is read and left as it is", async () => {
    const { resources, calls, result } = await deploy({ existingStorageAccountId: existing, lock: "CanNotDelete" });
    assert.deepEqual(
      resources.map(({ type }) => type),
      ["bastion-trail:index:AuditArchive"],
    );
    assert.deepEqual(calls, [
      {
        token: "azure-native:storage:getStorageAccount",
        inputs: { resourceGroupName: "logs", accountName: "centrallogs" },
      },
    ]);
    assert.deepEqual(result, {
      accountId: existing,
      accountName: "centrallogs",
      containerName: "insights-logs-bastionauditlogs",
      location: "westeurope",
      blobEndpoint: "https://centrallogs.blob.core.windows.net/",
    });
  });

  it("may be in a region that is spelled as the portal spells it", async () => {
    const { result } = await deploy({ existingStorageAccountId: existing }, { location: "West Europe" });
    assert.equal(result.accountName, "centrallogs");
  });

  for (const [found, message] of [
    [
      { location: "northeurope" },
      `AuditArchive "trail": existingStorageAccountId is "${existing}"; the account is in northeurope; it must be in the region of the Bastion host, westeurope.`,
    ],
    [
      { kind: "BlockBlobStorage", sku: { name: "Premium_LRS" } },
      `AuditArchive "trail": existingStorageAccountId is "${existing}"; its SKU is Premium_LRS; Azure Monitor does not write logs to Premium accounts.`,
    ],
    [
      { kind: "BlobStorage" },
      `AuditArchive "trail": existingStorageAccountId is "${existing}"; its kind is BlobStorage; it must be a general-purpose v2 account (StorageV2).`,
    ],
    [
      { isHnsEnabled: true },
      `AuditArchive "trail": existingStorageAccountId is "${existing}"; it has a hierarchical namespace, with which it cannot be the archive.`,
    ],
    [
      { dnsEndpointType: "AzureDnsZone" },
      `AuditArchive "trail": existingStorageAccountId is "${existing}"; it has DNS zone endpoints, to which Azure Monitor does not write logs.`,
    ],
    [
      { networkRuleSet: { defaultAction: "Deny", bypass: "Logging" } },
      `AuditArchive "trail": existingStorageAccountId is "${existing}"; its firewall must allow trusted Microsoft services (AzureServices), or no logs arrive.`,
    ],
  ] as const) {
    it(`is refused when it has ${JSON.stringify(found)}`, async () => {
      assert.equal(await refusal({ existingStorageAccountId: existing }, found), message);
    });
  }

  it("is refused with all its faults at once", async () => {
    assert.equal(
      await refusal({ existingStorageAccountId: existing }, { location: "eastus", isHnsEnabled: true }),
      `AuditArchive "trail" has 2 problems:
  - existingStorageAccountId is "${existing}"; the account is in eastus; it must be in the region of the Bastion host, westeurope.
  - existingStorageAccountId is "${existing}"; it has a hierarchical namespace, with which it cannot be the archive.`,
    );
  });

  it("takes no settings, because it keeps its own", async () => {
    assert.equal(
      await refusal({
        existingStorageAccountId: existing,
        accountNamePrefix: "x",
        replication: "Standard_LRS",
        retentionDays: 30,
        immutability: "locked",
        immutabilityDays: 30,
        sharedKey: true,
        allowedIpRanges: ["203.0.113.7"],
      }),
      `AuditArchive "trail" has 7 problems:
  - accountNamePrefix is "x"; not allowed with existingStorageAccountId: an adopted storage account keeps its own settings.
  - replication is "Standard_LRS"; not allowed with existingStorageAccountId: an adopted storage account keeps its own settings.
  - retentionDays is 30; not allowed with existingStorageAccountId: an adopted storage account keeps its own settings.
  - immutability is "locked"; not allowed with existingStorageAccountId: an adopted storage account keeps its own settings.
  - immutabilityDays is 30; not allowed with existingStorageAccountId: an adopted storage account keeps its own settings.
  - sharedKey is true; not allowed with existingStorageAccountId: an adopted storage account keeps its own settings.
  - allowedIpRanges is ["203.0.113.7"]; not allowed with existingStorageAccountId: an adopted storage account keeps its own settings.`,
    );
  });
});
