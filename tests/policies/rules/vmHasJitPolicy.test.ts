import assert from "node:assert/strict";
import { vmHasJitPolicy } from "../../../policies/rules/vmHasJitPolicy.ts";
import { judge, unknown } from "../stack.ts";
import { jitPolicy, vm, vmId } from "./jit.ts";

describe("policy vm-has-jit-policy", () => {
  const violation = ["web: No JIT policy of this stack covers this VM, so no request can open a port of it."];

  it("accepts a VM in a policy", () => {
    assert.deepEqual(judge(vmHasJitPolicy, [vm, jitPolicy()]), []);
  });

  it("accepts an id that was typed in, in any case", () => {
    assert.deepEqual(judge(vmHasJitPolicy, [vm, { ...jitPolicy({}, vmId("WEB").toUpperCase()), from: {} }]), []);
  });

  it("refuses a VM without a policy", () => {
    assert.deepEqual(judge(vmHasJitPolicy, [vm]), violation);
  });

  it("refuses a VM when the policy holds another one", () => {
    assert.deepEqual(judge(vmHasJitPolicy, [vm, jitPolicy({}, vmId("db"))]), violation);
    assert.deepEqual(judge(vmHasJitPolicy, [vm, jitPolicy({}, undefined, { virtualMachines: [] })]), violation);
  });

  it("goes by what an id is made from while it is not known", () => {
    const previewed = { ...vm, props: { name: unknown, type: unknown } };
    assert.deepEqual(judge(vmHasJitPolicy, [previewed, jitPolicy({}, unknown)]), []);
    assert.deepEqual(judge(vmHasJitPolicy, [previewed, { ...jitPolicy({}, unknown), from: {} }]), violation);
  });

  it("says nothing of a stack without VMs", () => {
    assert.deepEqual(
      judge(
        vmHasJitPolicy,
        [jitPolicy()].map((part) => ({ ...part, from: {} })),
      ),
      [],
    );
  });
});
