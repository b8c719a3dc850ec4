import assert from "node:assert/strict";
import { AuditArchive } from "../../../components/audit-archive/auditArchive.ts";
import { idOf, recordProgram } from "../recordedProgram.ts";
import {
  account,
  blobService,
  container,
  lifecycle,
  immutabilityPolicy,
  managementLock,
  minimal,
  deploy,
} from "./archiveProgram.ts";

describe("AuditArchive", () => {
  describe("a created account", () => {
    it("is a hardened general-purpose v2 account in the Bastion host's region", async () => {
      const { only } = await deploy({ tags: { owner: "security" } });
      assert.deepEqual(only(account).inputs, {
        resourceGroupName: "rg",
        accountName: "auditk3j9x2ab",
        location: "westeurope",
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
        tags: { owner: "security" },
      });
    });

    it("has a random name suffix of eight lower-case letters and digits", async () => {
      const { only } = await deploy({});
      assert.deepEqual(only("random:index/randomString:RandomString").inputs, {
        length: 8,
        upper: false,
        special: false,
      });
    });

    it("takes the asked prefix, replication and access by key", async () => {
      const { only } = await deploy({
        accountNamePrefix: "contoso",
        replication: "Standard_GZRS",
        sharedKey: true,
      });
      const { accountName, sku, allowSharedKeyAccess } = only(account).inputs;
      assert.deepEqual(
        { accountName, sku, allowSharedKeyAccess },
        { accountName: "contosok3j9x2ab", sku: { name: "Standard_GZRS" }, allowSharedKeyAccess: true },
      );
    });

    it("shuts out every network but the allowed ranges and the trusted services", async () => {
      const { only } = await deploy({ allowedIpRanges: ["203.0.113.7", "198.51.100.0/24"] });
      assert.deepEqual(only(account).inputs.networkRuleSet, {
        bypass: "AzureServices",
        defaultAction: "Deny",
        ipRules: [
          { iPAddressOrRange: "203.0.113.7", action: "Allow" },
          { iPAddressOrRange: "198.51.100.0/24", action: "Allow" },
        ],
        virtualNetworkRules: [],
      });
    });

    it("has the private container that Azure Monitor writes to, made after soft delete is on", async () => {
      const { only } = await deploy({});
      assert.deepEqual(only(container).inputs, {
        resourceGroupName: "rg",
        accountName: "auditk3j9x2ab",
        containerName: "insights-logs-bastionauditlogs",
        publicAccess: "None",
      });
      assert.ok(only(container).dependsOn.includes("trail-blob-service"));
    });

    it("has its location as output", async () => {
      const { result } = await deploy({});
      assert.deepEqual(result, {
        accountId: idOf("trail-account"),
        accountName: "auditk3j9x2ab",
        containerName: "insights-logs-bastionauditlogs",
        location: "westeurope",
        blobEndpoint: "https://auditk3j9x2ab.blob.core.windows.net/",
      });
    });

    it("parents everything to the component and passes protect on", async () => {
      const { resources } = await recordProgram(
        () => {
          new AuditArchive("trail", minimal, { protect: true });
          return {};
        },
        { outputs: () => ({ result: "k3j9x2ab", primaryEndpoints: { blob: "" } }) },
      );
      const [component, ...children] = resources;
      assert.equal(component?.type, "bastion-trail:index:AuditArchive");
      assert.deepEqual(component.beforeUpdate, [
        "AuditArchive trail keeps-evidence",
        "AuditArchive trail leaves-policy",
      ]);
      assert.ok(children.length > 0);
      assert.deepEqual([...new Set(children.map(({ parent }) => parent))], ["trail"]);
      assert.deepEqual([...new Set(children.map(({ protect }) => protect))], [true]);
    });
  });

  describe("a mutable archive", () => {
    it("keeps versions, and deleted blobs and containers for 14 days", async () => {
      const { only } = await deploy({});
      assert.deepEqual(only(blobService).inputs, {
        resourceGroupName: "rg",
        accountName: "auditk3j9x2ab",
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: 14 },
        containerDeleteRetentionPolicy: { enabled: true, days: 14 },
      });
    });

    for (const [retentionDays, days] of [
      [undefined, 365],
      [730, 730],
    ] as const) {
      it(`deletes append blobs ${days} days after their last record when retentionDays is ${retentionDays ?? "not given"}`, async () => {
        const { only } = await deploy({ retentionDays });
        assert.deepEqual(only(lifecycle).inputs, {
          resourceGroupName: "rg",
          accountName: "auditk3j9x2ab",
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
                    baseBlob: { delete: { daysAfterModificationGreaterThan: days } },
                    snapshot: { delete: { daysAfterCreationGreaterThan: days } },
                    version: { delete: { daysAfterCreationGreaterThan: days } },
                  },
                },
              },
            ],
          },
        });
      });
    }

    it("refuses a lifecycle rule that deletes earlier, on the rule itself", async () => {
      assert.deepEqual((await deploy({})).only(lifecycle).beforeUpdate, ["AuditArchive trail keeps-retention"]);
    });

    it("has no immutability policy", async () => {
      const { resources } = await deploy({ immutability: "off" });
      assert.deepEqual(
        resources.filter(({ type }) => type === immutabilityPolicy),
        [],
      );
    });
  });

  describe("a resource lock", () => {
    it("is put on the account after everything in it, so that it goes first", async () => {
      const { only } = await deploy({ lock: "CanNotDelete" });
      const lock = only(managementLock);
      assert.deepEqual(lock.inputs, {
        scope: idOf("trail-account"),
        lockName: "trail-account-lock",
        level: "CanNotDelete",
        notes: "Holds the audit logs of Azure Bastion.",
      });
      assert.deepEqual([...lock.dependsOn].sort(), [
        "trail-account",
        "trail-blob-service",
        "trail-container",
        "trail-retention",
      ]);
    });

    it("is not there unless asked for", async () => {
      const { resources } = await deploy({ lock: "none" });
      assert.deepEqual(
        resources.filter(({ type }) => type === managementLock),
        [],
      );
    });
  });
});
