import assert from "node:assert/strict";
import { archiveInBastionRegion } from "../../../policies/rules/archiveInBastionRegion.ts";
import { audited, changed, judge, unknown, without } from "../stack.ts";

describe("policy archive-in-bastion-region", () => {
  it("accepts one region, however it is written", () => {
    assert.deepEqual(judge(archiveInBastionRegion, audited), []);
    assert.deepEqual(judge(archiveInBastionRegion, changed(audited, "account", { location: "West Europe" })), []);
  });

  it("refuses another region", () => {
    assert.deepEqual(judge(archiveInBastionRegion, changed(audited, "account", { location: "North Europe" })), [
      'account: The account is in northeurope, the Bastion host "host" in westeurope: Azure Monitor writes a resource\'s logs only to storage accounts in its own region.',
    ]);
  });

  it("says nothing of a region that is not known, and of an account that takes no audit logs", () => {
    assert.deepEqual(judge(archiveInBastionRegion, changed(audited, "account", { location: unknown })), []);
    assert.deepEqual(judge(archiveInBastionRegion, changed(audited, "host", { location: undefined })), []);
    const other = { type: "storage:StorageAccount", name: "other", props: { location: "northeurope" } };
    assert.deepEqual(judge(archiveInBastionRegion, [...audited, other]), []);
    assert.deepEqual(judge(archiveInBastionRegion, without(audited, "account")), []);
  });
});
