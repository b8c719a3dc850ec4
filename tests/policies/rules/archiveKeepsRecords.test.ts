import assert from "node:assert/strict";
import { archiveKeepsRecords } from "../../../policies/rules/archiveKeepsRecords.ts";
import { audited, judge, type Part, unknown } from "../stack.ts";

describe("policy archive-keeps-records", () => {
  const container: Part = {
    type: "storage:BlobContainer",
    name: "container",
    props: { name: "insights-logs-bastionauditlogs" },
    from: { accountName: ["account"] },
  };
  const immutable = (days: unknown): Part => ({
    type: "storage:BlobContainerImmutabilityPolicy",
    name: "immutability",
    props: { immutabilityPeriodSinceCreationInDays: days },
    from: { accountName: ["account"], containerName: ["container"], immutabilityPeriodSinceCreationInDays: [] },
  });
  const rule = (days: number, filters: object = {}, more: object = {}) => ({
    name: "old",
    enabled: true,
    definition: { actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } }, filters },
    ...more,
  });
  const lifecycle = (...rules: object[]): Part => ({
    type: "storage:ManagementPolicy",
    name: "lifecycle",
    props: { policy: { rules } },
    from: { accountName: ["account"] },
  });
  const early = (days: number) => [
    `lifecycle: Rule "old" deletes audit logs after ${days} days; they must stay for 90.`,
  ];

  it("accepts logs that stay for as long or for good", () => {
    assert.deepEqual(judge(archiveKeepsRecords, audited), []);
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, lifecycle(rule(90))]), []);
  });

  it("refuses a rule that deletes them earlier, however it says so", () => {
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, lifecycle(rule(89))]), early(89));
    const created = {
      ...rule(0),
      definition: { actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: 7 } } } },
    };
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, lifecycle(created)]), early(7));
    const some = rule(30, { blobTypes: ["appendBlob"], prefixMatch: ["insights-logs-"] });
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, lifecycle(some)]), early(30));
    const part = rule(30, { prefixMatch: ["insights-logs-bastionauditlogs/resourceId=/S"] });
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, lifecycle(part)]), early(30));
  });

  it("accepts what only moves blobs between tiers, and a wait that is added to the time of a deletion", () => {
    const baseBlob = {
      tierToCool: { daysAfterModificationGreaterThan: 30 },
      tierToArchive: { daysAfterModificationGreaterThan: 60, daysAfterLastTierChangeGreaterThan: 7 },
      delete: { daysAfterModificationGreaterThan: 365, daysAfterLastTierChangeGreaterThan: 7 },
    };
    const tiers = { ...rule(0), definition: { actions: { baseBlob } } };
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, lifecycle(tiers)]), []);
    const onlyTiers = { ...tiers, definition: { actions: { baseBlob: { tierToCool: baseBlob.tierToCool } } } };
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, lifecycle(onlyTiers)]), []);
  });

  it("takes the minimum from its config", () => {
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, lifecycle(rule(365))], { minRetentionDays: 400 }), [
      'lifecycle: Rule "old" deletes audit logs after 365 days; they must stay for 400.',
    ]);
  });

  it("accepts rules that are off, or about other blobs", () => {
    const others = [
      rule(1, {}, { enabled: false }),
      rule(1, { blobTypes: ["blockBlob"] }),
      rule(1, { prefixMatch: ["insights-activity-logs/"] }),
    ];
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, lifecycle(...others)]), []);
  });

  it("requires immutability where its config does", () => {
    const none =
      "account: Container insights-logs-bastionauditlogs has no immutability policy; it must have one of at least 90 days.";
    const asked = { immutable: true };
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, container], asked), [none]);
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, container, immutable(90)], asked), []);
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, container, immutable(30)], asked), [
      "account: Container insights-logs-bastionauditlogs has an immutability policy of 30 days; it must have one of at least 90 days.",
    ]);
  });

  it("does not take another container's policy for that of the audit logs", () => {
    const other = { ...container, props: { name: "insights-activity-logs" } };
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, other, immutable(90)], { immutable: true }), [
      "account: Container insights-logs-bastionauditlogs has no immutability policy; it must have one of at least 90 days.",
    ]);
  });

  it("says nothing of days that are not yet known", () => {
    const config = { immutable: true };
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, container, immutable(unknown)], config), []);
    const policy = {
      ...lifecycle(),
      props: { policy: unknown },
      from: { accountName: ["account"], policy: ["account"] },
    };
    assert.deepEqual(judge(archiveKeepsRecords, [...audited, policy]), []);
    assert.deepEqual(judge(archiveKeepsRecords, []), []);
  });
});
