import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Refused, refusal } from "./archiveProgram.ts";

describe("AuditArchive refuses", () => {
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

  it("a retention beside the region of a host that only the deployment knows", async () => {
    assert.equal(
      await refusal({ bastionLocation: pulumi.output("eastus"), location: "westus", retentionDays: 0 }),
      'AuditArchive "trail": retentionDays is 0; must be a whole number of days from 1 to 36500.',
    );
  });

  it("a region that only the deployment knows", async () => {
    assert.equal(
      await refusal({ bastionLocation: pulumi.output("eastus"), location: pulumi.output("westus") }),
      `AuditArchive "trail": location is "westus"; must be the region of the Bastion host, eastus: Azure Monitor writes a regional resource's logs only to storage accounts in the same region.`,
    );
  });
});
