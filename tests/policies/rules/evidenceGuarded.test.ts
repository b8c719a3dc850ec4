import assert from "node:assert/strict";
import { evidenceGuarded } from "../../../policies/rules/evidenceGuarded.ts";
import { audited, judge, type Part, without } from "../stack.ts";

describe("policy evidence-guarded", () => {
  const unprotected = (name: string) =>
    `${name}: It holds audit logs and is not protected: set the resource option protect.`;
  const unlocked = (name: string) =>
    `${name}: It holds audit logs and has no management lock, nor has its resource group.`;
  const lock = (scope: string): Part => ({
    type: "authorization:ManagementLockByScope",
    name: `${scope}-lock`,
    from: { scope: [scope] },
  });

  it("requires nothing unless its config does", () => {
    assert.deepEqual(judge(evidenceGuarded, audited), []);
  });

  it("requires protection where its config does", () => {
    assert.deepEqual(judge(evidenceGuarded, audited, { protect: true }), [
      unprotected("account"),
      unprotected("workspace"),
    ]);
    const guarded = audited.map((part) => ({ ...part, protect: true }));
    assert.deepEqual(judge(evidenceGuarded, guarded, { protect: true }), []);
  });

  it("requires locks where its config does", () => {
    const asked = { lock: true };
    assert.deepEqual(judge(evidenceGuarded, audited, asked), [unlocked("account"), unlocked("workspace")]);
    assert.deepEqual(judge(evidenceGuarded, [...audited, lock("account")], asked), [unlocked("workspace")]);
    assert.deepEqual(judge(evidenceGuarded, [...audited, lock("account"), lock("workspace")], asked), []);
  });

  it("accepts a lock on the resource group", () => {
    const group = { type: "resources:ResourceGroup", name: "group" };
    const grouped = audited.map((part) =>
      ["account", "workspace"].includes(part.name) ? { ...part, from: { resourceGroupName: ["group"] } } : part,
    );
    assert.deepEqual(judge(evidenceGuarded, [group, ...grouped, lock("group")], { lock: true }), []);
  });

  it("accepts locks of every type", () => {
    const group = { type: "resources:ResourceGroup", name: "group" };
    const grouped = audited.map((part) =>
      ["account", "workspace"].includes(part.name) ? { ...part, from: { resourceGroupName: ["group"] } } : part,
    );
    const locked = (level: string, from: Record<string, string[]>) => {
      const type = `authorization:ManagementLockAt${level}Level`;
      return judge(evidenceGuarded, [group, ...grouped, { type, name: "lock", from }], { lock: true });
    };
    assert.deepEqual(locked("Subscription", {}), []);
    assert.deepEqual(locked("ResourceGroup", { resourceGroupName: ["group"] }), []);
    assert.deepEqual(locked("Resource", { resourceGroupName: ["group"], resourceName: ["account"] }), [
      unlocked("workspace"),
    ]);
  });

  it("says nothing of what takes no audit logs", () => {
    assert.deepEqual(judge(evidenceGuarded, without(audited, "setting"), { protect: true, lock: true }), []);
    assert.deepEqual(judge(evidenceGuarded, [], { protect: true, lock: true }), []);
  });
});
