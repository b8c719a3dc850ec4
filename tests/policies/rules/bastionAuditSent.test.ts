import assert from "node:assert/strict";
import { bastionAuditSent } from "../../../policies/rules/bastionAuditSent.ts";
import { audited, changed, components, inComponents, judge, unknown, without } from "../stack.ts";

describe("policy bastion-audit-sent", () => {
  const noSetting = "host: No diagnostic setting of this stack sends BastionAuditLogs of this host.";
  const sending = (...logs: object[]) => judge(bastionAuditSent, changed(audited, "setting", { logs }));

  it("accepts the category, or a group that holds it", () => {
    assert.deepEqual(judge(bastionAuditSent, audited), []);
    assert.deepEqual(sending({ categoryGroup: "allLogs", enabled: true }), []);
    assert.deepEqual(sending({ categoryGroup: "audit", enabled: true }), []);
  });

  it("accepts a setting of version 2 of azure-native", () => {
    const parts = audited.map((part) =>
      part.name === "setting" ? { ...part, type: "insights/v20210501preview:DiagnosticSetting" } : part,
    );
    assert.deepEqual(judge(bastionAuditSent, parts), []);
  });

  it("refuses a host without a setting", () => {
    assert.deepEqual(judge(bastionAuditSent, without(audited, "setting")), [noSetting]);
  });

  it("refuses any other log, and a category that is off", () => {
    assert.deepEqual(sending({ category: "AllMetrics", enabled: true }), [noSetting]);
    assert.deepEqual(sending({ category: "BastionAuditLogs", enabled: false }), [noSetting]);
    assert.deepEqual(sending(), [noSetting]);
  });

  it("refuses a setting with one sink", () => {
    assert.deepEqual(judge(bastionAuditSent, changed(audited, "setting", { storageAccountId: undefined })), [
      "host: BastionAuditLogs is sent to no storage account: set storageAccountId in the diagnostic setting.",
    ]);
    assert.deepEqual(judge(bastionAuditSent, changed(audited, "setting", { workspaceId: undefined })), [
      "host: BastionAuditLogs is sent to no Log Analytics workspace: set workspaceId in the diagnostic setting.",
    ]);
  });

  it("accepts two settings with one sink each", () => {
    const [host, setting] = [audited.find(({ name }) => name === "host")!, audited.at(-1)!];
    const second = { ...setting, name: "second", props: { ...setting.props, workspaceId: undefined } };
    const stack = [host, ...changed(audited.slice(2), "setting", { storageAccountId: undefined }), second];
    assert.deepEqual(judge(bastionAuditSent, stack), []);
  });

  it("does not take another host's setting for this one's", () => {
    const other = { type: "network:BastionHost", name: "other", props: { name: "bas2", sku: { name: "Basic" } } };
    assert.deepEqual(judge(bastionAuditSent, [...audited, other]), [noSetting.replace("host", "other")]);
  });

  it("accepts the setting of the only host when its id was typed in", () => {
    const typedIn = audited.map((part) => (part.name === "setting" ? { ...part, from: {} } : part));
    assert.deepEqual(judge(bastionAuditSent, typedIn), []);
  });

  it("refuses the Developer SKU, which writes no audit logs", () => {
    assert.deepEqual(judge(bastionAuditSent, changed(audited, "host", { sku: { name: "Developer" } })), [
      "host: The SKU is Developer, which writes no audit logs. Use Basic, Standard or Premium.",
    ]);
  });

  it("judges what is known in a preview", () => {
    const previewed = changed(changed(audited, "host", { name: unknown, type: unknown, dnsName: unknown }), "setting", {
      workspaceId: unknown,
      storageAccountId: unknown,
    });
    assert.deepEqual(judge(bastionAuditSent, previewed), []);
    const one = previewed.map((part) =>
      part.name === "setting" ? { ...part, from: { resourceUri: ["host"], workspaceId: ["workspace"] } } : part,
    );
    assert.deepEqual(judge(bastionAuditSent, one), [
      "host: BastionAuditLogs is sent to no storage account: set storageAccountId in the diagnostic setting.",
    ]);
  });

  it("accepts the setting in a component that is called from another language", () => {
    assert.deepEqual(judge(bastionAuditSent, inComponents(audited, components)), []);
    const another = { resourceUri: ["workspace"] };
    const wrong = audited.map((part) => (part.name === "setting" ? { ...part, from: another } : part));
    assert.deepEqual(judge(bastionAuditSent, inComponents(wrong, components)), [noSetting]);
  });

  it("says nothing of a stack without a host", () => {
    assert.deepEqual(judge(bastionAuditSent, []), []);
    assert.deepEqual(judge(bastionAuditSent, without(without(audited, "host"), "setting")), []);
  });
});
