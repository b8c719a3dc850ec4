import assert from "node:assert/strict";
import { evidenceGuarded } from "../../policies/rules/evidenceGuarded.ts";
import { jitPolicyBounded } from "../../policies/rules/jitPolicyBounded.ts";
import { vmHasJitPolicy } from "../../policies/rules/vmHasJitPolicy.ts";
import { judge, judgeInputs } from "./stack.ts";

describe("the config of a policy", () => {
  it("is refused with an unknown parameter, which Pulumi ignores", () => {
    assert.deepEqual(judge(evidenceGuarded, [], { locks: true } as object), [
      "the stack: The config of evidence-guarded has the unknown parameter locks (did you mean lock?); there are protect, lock.",
    ]);
    assert.deepEqual(judge(vmHasJitPolicy, [], { vms: [] }), [
      "the stack: The config of vm-has-jit-policy has the unknown parameter vms; it has none.",
    ]);
    const policy = { type: "security:JitNetworkAccessPolicy", name: "web-jit" };
    assert.deepEqual(judgeInputs(jitPolicyBounded, policy, { hours: 4 } as object), [
      "The config of jit-policy-bounded has the unknown parameter hours (did you mean maxHours?); there are maxHours.",
    ]);
    assert.deepEqual(judgeInputs(jitPolicyBounded, policy, { maxHours: 4 }), []);
  });
});
