import assert from "node:assert/strict";
import { jitPolicyBounded } from "../../../policies/rules/jitPolicyBounded.ts";
import { judgeInputs, unknown } from "../stack.ts";
import { jitPolicy } from "./jit.ts";

describe("policy jit-policy-bounded", () => {
  const lasting = (maxRequestAccessDuration: unknown, config = {}) =>
    judgeInputs(jitPolicyBounded, jitPolicy({ maxRequestAccessDuration }), config);

  it("accepts a working day", () => {
    assert.deepEqual(lasting("PT3H"), []);
    assert.deepEqual(lasting("PT8H"), []);
    assert.deepEqual(lasting("PT480M"), []);
  });

  it("refuses more, however it is written", () => {
    assert.deepEqual(lasting("PT8H1M"), ["Port 22 may be open for PT8H1M; it must be 8 hours at most."]);
    assert.deepEqual(lasting("P1D"), ["Port 22 may be open for P1D; it must be 8 hours at most."]);
  });

  it("takes the hours from its config", () => {
    assert.deepEqual(lasting("P1D", { maxHours: 24 }), []);
    assert.deepEqual(lasting("PT3H", { maxHours: 1 }), ["Port 22 may be open for PT3H; it must be 1 hours at most."]);
  });

  it("refuses the policy that everybody shares", () => {
    const named = (jitNetworkAccessPolicyName: string) =>
      judgeInputs(jitPolicyBounded, jitPolicy({}, "/vm", { jitNetworkAccessPolicyName }));
    assert.deepEqual(named("web-jit"), []);
    assert.deepEqual(named("Default"), [
      "The name is default, the policy that everybody shares: a write of it replaces the VMs that others put there. Give the policy a name of its own.",
    ]);
  });

  it("says nothing of what is not known or what Azure refuses", () => {
    assert.deepEqual(lasting(unknown), []);
    assert.deepEqual(lasting("a while"), []);
    assert.deepEqual(judgeInputs(jitPolicyBounded, { type: "security:JitNetworkAccessPolicy", name: "jit" }), []);
  });
});
