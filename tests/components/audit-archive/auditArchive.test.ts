import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AuditArchive } from "../../../components/audit-archive/auditArchive.ts";
import { dynamicInputs, idOf, recordProgram, type RegisteredResource } from "../recordedProgram.ts";
import {
  account,
  blobService,
  container,
  lifecycle,
  immutabilityPolicy,
  dynamicResource,
  managementLock,
  minimal,
  deploy,
  type Refused,
  refusal,
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

  describe("an immutable archive", () => {
    const containers = [
      ["trail-immutability", "insights-logs-bastionauditlogs"],
      ["trail-activity-immutability", "insights-activity-logs"],
    ] as const;
    const named = (resources: readonly RegisteredResource[], name: string) =>
      resources.find((resource) => resource.name === name)!;

    it("has no versions and no lifecycle rule", async () => {
      const { only, ofType } = await deploy({ immutability: "unlocked", immutabilityDays: 30 });
      assert.equal(only(blobService).inputs.isVersioningEnabled, false);
      assert.deepEqual(ofType(lifecycle), []);
    });

    for (const [name, containerName] of containers) {
      it(`has an unlocked policy on ${containerName} that lets Azure Monitor append`, async () => {
        const { ofType } = await deploy({ immutability: "unlocked", immutabilityDays: 30 });
        assert.equal(ofType(immutabilityPolicy).length, 2);
        const policy = named(ofType(immutabilityPolicy), name);
        assert.deepEqual(policy.inputs, {
          resourceGroupName: "rg",
          accountName: "auditk3j9x2ab",
          containerName,
          immutabilityPolicyName: "default",
          immutabilityPeriodSinceCreationInDays: 30,
          allowProtectedAppendWrites: true,
        });
        assert.deepEqual(policy.ignoreChanges, []);
        assert.deepEqual(policy.beforeUpdate, [`AuditArchive trail keeps-${name}`]);
        assert.equal(policy.retainOnDelete, true);
      });

      it(`locks the policy on ${containerName} by a resource of its own, which also lengthens it`, async () => {
        const { ofType } = await deploy({ immutability: "locked", immutabilityDays: 365 });
        assert.deepEqual(named(ofType(immutabilityPolicy), name).ignoreChanges, [
          "immutabilityPeriodSinceCreationInDays",
          "allowProtectedAppendWrites",
        ]);
        const lock = named(ofType(dynamicResource), `${name}-lock`);
        assert.deepEqual(dynamicInputs(lock), { policyId: idOf(name), days: 365 });
        assert.ok(lock.dependsOn.includes(name));
      });
    }

    it("creates the container of the activity log, if Azure Monitor has not, before its policy", async () => {
      const { only, ofType } = await deploy({ immutability: "unlocked", immutabilityDays: 30 });
      const container = only(dynamicResource);
      assert.equal(container.name, "trail-activity-container");
      assert.deepEqual(dynamicInputs(container), {
        containerId: `${idOf("trail-account")}/blobServices/default/containers/insights-activity-logs`,
      });
      assert.ok(named(ofType(immutabilityPolicy), "trail-activity-immutability").dependsOn.includes(container.name));
    });

    it("leaves that container out where the activity log is not exported to it", async () => {
      const { only, ofType } = await deploy({
        immutability: "unlocked",
        immutabilityDays: 30,
        holdsActivityLog: false,
      });
      assert.equal(only(immutabilityPolicy).name, "trail-immutability");
      assert.deepEqual(ofType(dynamicResource), []);
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

  describe("refuses", () => {
    const cases: readonly Refused[] = [
      [
        "a region that is not the Bastion host's",
        { location: "northeurope" },
        `location is "northeurope"; must be the region of the Bastion host, westeurope: Azure Monitor writes a regional resource's logs only to storage accounts in the same region`,
      ],
      [
        "Premium",
        { replication: "Premium_LRS" as "Standard_LRS" },
        `replication is "Premium_LRS"; Azure Monitor does not write logs to Premium accounts; must be one of Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS`,
      ],
      [
        "an unknown replication",
        { replication: "LRS" as "Standard_LRS" },
        `replication is "LRS"; must be one of Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS (did you mean Standard_LRS?)`,
      ],
      ...["", "Audit", "audit-logs", "a".repeat(17)].map((accountNamePrefix): Refused => [
        `the name prefix "${accountNamePrefix}"`,
        { accountNamePrefix },
        `accountNamePrefix is "${accountNamePrefix}"; must be 1 to 16 lowercase letters and digits: a storage account name has at most 24 characters, and 8 of them are random`,
      ]),
      ...[0, 36_501, 1.5, Number.NaN].map((retentionDays): Refused => [
        `${retentionDays} retention days`,
        { retentionDays },
        `retentionDays is ${retentionDays}; must be a whole number of days from 1 to 36500`,
      ]),
      [
        "an unknown immutability",
        { immutability: "on" as "off" },
        `immutability is "on"; must be one of off, unlocked, locked`,
      ],
      [
        "retention by a lifecycle rule on an immutable container",
        { immutability: "unlocked", immutabilityDays: 30, retentionDays: 365 },
        `retentionDays is 365; not allowed with immutability unlocked: lifecycle management does not delete blobs in an immutable container; set only immutabilityDays`,
      ],
      [
        "immutability without days",
        { immutability: "locked" },
        `immutabilityDays is missing; must be a whole number of days from 1 to 146000 with immutability locked`,
      ],
      ...[0, 146_001, 2.5].map((immutabilityDays): Refused => [
        `${immutabilityDays} days of immutability`,
        { immutability: "locked", immutabilityDays },
        `immutabilityDays is ${immutabilityDays}; must be a whole number of days from 1 to 146000 with immutability locked`,
      ]),
      [
        "days of immutability without immutability",
        { immutabilityDays: 30 },
        `immutabilityDays is 30; has no effect unless immutability is unlocked or locked`,
      ],
      [
        "a private address as allowed range",
        { allowedIpRanges: ["10.0.0.0/8"] },
        `allowedIpRanges is "10.0.0.0/8"; must be a public IPv4 address such as 203.0.113.7, or a range of /30 or larger such as 203.0.113.0/24; a storage firewall accepts only public addresses`,
      ],
      ...["203.0.113.7/32", "2001:db8::1", "office", "203.0.113.0/24/1"].map((range): Refused => [
        `the range ${range}`,
        { allowedIpRanges: [range] },
        `allowedIpRanges is "${range}"; must be a public IPv4 address such as 203.0.113.7, or a range of /30 or larger such as 203.0.113.0/24`,
      ]),
      [
        "an id that is not a storage account's",
        { existingStorageAccountId: "centrallogs" },
        `existingStorageAccountId is "centrallogs"; must be the ARM id of a Microsoft.Storage/storageAccounts resource`,
      ],
    ];
    for (const [what, args, reason] of cases) {
      it(what, async () => {
        assert.equal(await refusal(args), `AuditArchive "trail": ${reason}.`);
      });
    }

    it("several faults at once, before anything is created", async () => {
      assert.equal(
        await refusal({ replication: "Premium_ZRS" as "Standard_ZRS", immutability: "locked" }),
        `AuditArchive "trail" has 2 problems:
  - replication is "Premium_ZRS"; Azure Monitor does not write logs to Premium accounts; must be one of Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS.
  - immutabilityDays is missing; must be a whole number of days from 1 to 146000 with immutability locked.`,
      );
    });

    it("a region that only the deployment knows", async () => {
      assert.equal(
        await refusal({ bastionLocation: pulumi.output("eastus"), location: pulumi.output("westus") }),
        `AuditArchive "trail": location is "westus"; must be the region of the Bastion host, eastus: Azure Monitor writes a regional resource's logs only to storage accounts in the same region.`,
      );
    });
  });
});
