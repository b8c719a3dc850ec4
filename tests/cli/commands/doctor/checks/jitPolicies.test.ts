import assert from "node:assert/strict";
import type { JitPolicy } from "../../../../../cli/azure/jitPolicies.ts";
import { judgeJitPolicies, type JitPolicyFacts } from "../../../../../cli/commands/doctor/checks/jitPolicies.ts";
import { bare, bastionRange, jitPort, policy, policyId, stack, subscriptionId, told, vmId } from "../fixture.ts";

const web = { id: vmId, name: "web", location: "westeurope" };

describe("the check of JIT policies", () => {
  const judge = (more: Partial<JitPolicyFacts>) =>
    judgeJitPolicies({ subject: stack, policies: [policy()], vms: [web], bastionRanges: [bastionRange], ...more });
  const withSources = (...sources: string[]): JitPolicy =>
    policy({ vms: [{ id: vmId, name: "web", ports: [jitPort({ sources })] }] });

  it("passes a VM that can be requested from Bastion", () => {
    assert.deepEqual(judge({}), { findings: [], seen: "1 VM in 1 JIT policy." });
    assert.deepEqual(told(judge({ policies: [withSources("10.0.0.0/24")] })), []);
    assert.deepEqual(told(judge({ policies: [withSources("10.0.0.0/27", "10.0.0.32/27")] })), []);
  });

  it("reports a VM of the stack that is gone, and one that no policy covers", () => {
    assert.deepEqual(told(judge({ vms: [] })), [["vm-missing", "The VM web does not exist, or you may not see it."]]);
    const none = [["jit-policy-missing", "No JIT policy covers web, so nobody can request access to it."]];
    assert.deepEqual(told(judge({ policies: [] })), none);
    assert.deepEqual(told(judge({ policies: [policy({ vms: [{ id: vmId, name: "web", ports: [] }] })] })), none);
  });

  it("reports a source that is not Bastion's, and any source", () => {
    assert.deepEqual(told(judge({ policies: [withSources("203.0.113.7")] })), [
      [
        "jit-not-from-bastion",
        "The JIT policy web-jit allows opening port 22 of web to 203.0.113.7 only, and Bastion connects from 10.0.0.0/26.",
      ],
    ]);
    for (const any of [["*"], ["Internet"], ["0.0.0.0/0"], ["::/0"], ["0.0.0.0/1", "128.0.0.0/1"]]) {
      assert.deepEqual(told(judge({ policies: [withSources(...any)] })), [
        ["jit-from-anywhere", "The JIT policy web-jit allows opening port 22 of web to any address."],
      ]);
    }
    assert.deepEqual(told(judge({ policies: [withSources("203.0.113.7")], bastionRanges: [] })), []);
  });

  it("leaves policies of other VMs to others", () => {
    const other = withSources("*");
    const vms = [{ id: `${vmId}2`, name: "web2", ports: other.vms[0]!.ports }];
    assert.deepEqual(judge({ policies: [policy(), { ...other, vms }] }), {
      findings: [],
      seen: "1 VM in 1 JIT policy.",
    });
  });

  it("reports, in a whole subscription, VMs without a policy and policies without their VM", () => {
    const others = Array.from({ length: 6 }, (_, index) => ({ ...web, id: `${vmId}${index}`, name: `vm${index}` }));
    assert.deepEqual(told(judge({ subject: bare, vms: [web, ...others] })), [
      ["vm-without-jit", "6 VMs are in no JIT policy: vm0, vm1, vm2, vm3, vm4 and 1 more."],
    ]);
    const uncovered = { subject: bare, vms: [web, ...others] };
    const fixFor = (...bastionRanges: string[]) => judge({ ...uncovered, bastionRanges }).findings[0]!.fix;
    assert.match(fixFor("10.0.0.0/26"), /"allowedSourceAddressPrefix":"10\.0\.0\.0\/26"/);
    // Which of several hosts reaches the VM is not known here.
    assert.match(fixFor("10.9.0.0/26", "10.0.0.0/26"), /"allowedSourceAddressPrefix":"BASTION_RANGE"/);
    const { findings } = judge({ subject: bare, vms: [] });
    assert.deepEqual(findings, [
      {
        code: "jit-policy-stale",
        severity: "info",
        resource: policyId,
        message: "The JIT policy web-jit names web, which does not exist.",
        fix: `az security jit-policy show --subscription ${subscriptionId} --resource-group rg --location westeurope --name web-jit # then take the VM out of it in Defender for Cloud, Workload protections`,
      },
    ]);
  });
});
