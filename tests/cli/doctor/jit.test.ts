import assert from "node:assert/strict";
import type { JitPolicy } from "../../../azure/jitPolicies.ts";
import type { SecurityRule } from "../../../azure/networkSecurityRules.ts";
import { judgeJitPolicies, type JitPolicyFacts } from "../../../cli/doctor/checks/jitPolicies.ts";
import { judgeNetwork } from "../../../cli/doctor/checks/network.ts";
import { judgeOrphanedRules } from "../../../cli/doctor/checks/orphanedRules.ts";
import { judgeStandingRules } from "../../../cli/doctor/checks/standingRules.ts";
import {
  bare,
  bastionRange,
  group,
  jitAllow,
  jitDeny,
  jitPort,
  machines,
  nic,
  nicId,
  now,
  nsg,
  nsgId,
  policy,
  policyId,
  request,
  rule,
  stack,
  standingDeny,
  subnet,
  subscriptionId,
  told,
  vmId,
} from "./fixture.ts";

const web = { id: vmId, name: "web", location: "westeurope" };

describe("the check of JIT policies", () => {
  const judge = (more: Partial<JitPolicyFacts>) =>
    judgeJitPolicies({ subject: stack, policies: [policy()], machines: [web], bastionRanges: [bastionRange], ...more });
  const withSources = (...sources: string[]): JitPolicy =>
    policy({ vms: [{ id: vmId, name: "web", ports: [jitPort({ sources })] }] });

  it("passes a VM that people can ask for from Bastion", () => {
    assert.deepEqual(judge({}), { findings: [], seen: "1 VM in 1 JIT policy." });
    assert.deepEqual(told(judge({ policies: [withSources("10.0.0.0/24")] })), []);
  });

  it("tells a VM of the stack that is gone, and one that no policy covers", () => {
    assert.deepEqual(told(judge({ machines: [] })), [
      ["vm-missing", "The virtual machine web does not exist, or you may not see it."],
    ]);
    const none = [["jit-policy-missing", "No JIT policy covers web, so that nobody can request access to it."]];
    assert.deepEqual(told(judge({ policies: [] })), none);
    assert.deepEqual(told(judge({ policies: [policy({ vms: [{ id: vmId, name: "web", ports: [] }] })] })), none);
  });

  it("tells a source that is not Bastion's, and any source", () => {
    assert.deepEqual(told(judge({ policies: [withSources("203.0.113.7")] })), [
      [
        "jit-not-from-bastion",
        "The JIT policy web-jit lets port 22 of web be opened to 203.0.113.7 only, and Bastion comes from 10.0.0.0/26.",
      ],
    ]);
    assert.deepEqual(told(judge({ policies: [withSources("*")] })), [
      ["jit-from-anywhere", "The JIT policy web-jit lets port 22 of web be opened to any address."],
    ]);
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

  it("tells, of a whole subscription, VMs without a policy and policies without their VM", () => {
    const others = Array.from({ length: 6 }, (_, index) => ({ ...web, id: `${vmId}${index}`, name: `vm${index}` }));
    assert.deepEqual(told(judge({ subject: bare, machines: [web, ...others] })), [
      ["vm-without-jit", "6 VMs are in no JIT policy: vm0, vm1, vm2, vm3, vm4 and 1 more."],
    ]);
    const { findings } = judge({ subject: bare, machines: [] });
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

describe("the check of the network before the VMs", () => {
  const judge = (parts: Parameters<typeof machines>[0] = {}, isStack = true) =>
    judgeNetwork({ machines: machines(parts), isStack, identity: "ada@example.com" });

  it("passes a VM whose ports two rules shut", () => {
    assert.deepEqual(judge(), { findings: [], seen: "1 VM with JIT, and the network security groups before them." });
  });

  it("takes a rule in the subnet's group too", () => {
    const subnets = [{ ...subnet, nsgId: nsg([], "subnet-nsg").id }];
    assert.deepEqual(told(judge({ subnets, groups: [nsg([jitDeny]), nsg([standingDeny], "subnet-nsg")] })), []);
  });

  it("tells a VM that nothing guards", () => {
    const { findings } = judge({ nics: [nic({ nsgId: null })] });
    assert.deepEqual(
      findings.map(({ code, message, fix }) => [code, message, fix]),
      [
        [
          "nic-unguarded",
          "No network security group guards web (web-nic).",
          `az network nic update --ids ${nicId} --network-security-group NSG_ID # in the stack: pulumi up --refresh`,
        ],
      ],
    );
  });

  it("tells a VM whose interface is not to be seen, and leaves out one that is gone", () => {
    const [finding] = judge({ nics: [] }).findings;
    assert.deepEqual(
      [finding?.code, finding?.message, finding?.fix],
      [
        "nic-unseen",
        "web has no network interface that you may see, so that nobody knows what reaches it.",
        `az role assignment create --assignee ada@example.com --role Reader --scope ${group}`,
      ],
    );
    assert.deepEqual(told(judge({ nics: [], machines: [] })), []);
  });

  it("tells a public address", () => {
    assert.deepEqual(told(judge({ nics: [nic({}, `${group}/providers/Microsoft.Network/publicIPAddresses/pip`)] })), [
      ["vm-public-address", "web has the public IP address pip."],
    ]);
  });

  it("tells Defender's rule that is gone, and the stack's own", () => {
    assert.deepEqual(told(judge({ groups: [nsg([standingDeny])] })), [
      ["jit-deny-missing", "Defender's rule that shuts port 22 of web is gone from web-nsg."],
    ]);
    assert.deepEqual(told(judge({ groups: [nsg([jitDeny])] })), [
      ["standing-deny-missing", "No standing rule of web-nsg shuts port 22 of web."],
    ]);
    assert.deepEqual(told(judge({ groups: [nsg([jitDeny])] }, false)), []);
  });

  it("does not take a rule for some sources, or another port, for one that shuts it", () => {
    const useless = [rule("some", { sources: ["203.0.113.0/24"] }), rule("other", { ports: ["3389"] })];
    assert.deepEqual(
      judge({ groups: [nsg([jitDeny, ...useless])] }).findings.map(({ code }) => code),
      ["standing-deny-missing"],
    );
  });
});

describe("the check of standing rules", () => {
  const judge = (...rules: SecurityRule[]) => judgeStandingRules(machines({ groups: [nsg(rules)] }));

  it("passes ports that are shut, with and without an active request", () => {
    const shut = { findings: [], seen: "1 port of 1 VM looked at: shut without a request." };
    assert.deepEqual(judge(standingDeny, jitDeny), shut);
    assert.deepEqual(judge(standingDeny, jitDeny, jitAllow), shut);
  });

  it("tells a rule that comes before the ones that deny, with its command", () => {
    const { findings } = judge(
      standingDeny,
      rule("My rule", { access: "allow", priority: 300, sources: [bastionRange, "203.0.113.7"] }),
    );
    assert.deepEqual(findings, [
      {
        code: "jit-bypassed",
        severity: "error",
        resource: `${nsgId}/securityRules/My rule`,
        message:
          "The rule My rule (priority 300) of web-nsg lets 10.0.0.0/26, 203.0.113.7 reach port 22 of web without a request.",
        fix: `az network nsg rule delete --subscription ${subscriptionId} --resource-group rg --nsg-name web-nsg --name "My rule"`,
      },
    ]);
  });

  it("tells that no rule denies, so that Azure's own lets the network in", () => {
    assert.deepEqual(told(judge()), [
      [
        "jit-bypassed-by-default",
        "No rule of web-nsg shuts port 22 of web, so that AllowVnetInBound lets VirtualNetwork in without a request.",
      ],
    ]);
  });

  it("says once for a rule which ports it opens, and that the VM has a public address", () => {
    const vms = [{ id: vmId, name: "web", ports: [jitPort(), jitPort({ number: 3389 })] }];
    const open = rule("open", { access: "allow", priority: 300, ports: ["1-4000"] });
    const found = judgeStandingRules(
      machines({ policies: [policy({ vms })], groups: [nsg([open])], nics: [nic({}, "/pip")] }),
    );
    assert.deepEqual(told(found), [
      [
        "jit-bypassed",
        "The rule open (priority 300) of web-nsg lets * reach ports 22, 3389 of web without a request; web has a public IP address.",
      ],
    ]);
  });
});

describe("the check of Defender's rules", () => {
  const judge = (rules: SecurityRule[], policies: JitPolicy[], nics = [nic()]) =>
    judgeOrphanedRules({ groups: [nsg(rules)], policies, nics, now });

  it("passes the rules of an active request and of a policy", () => {
    const active = policy({ requests: [request("2026-05-04T13:00:00Z")] });
    assert.deepEqual(judge([jitAllow, jitDeny], [active]), {
      findings: [],
      seen: "2 rules of Defender in 1 group.",
    });
  });

  it("gives Defender some minutes after a request's end", () => {
    const ended = (end: string, status?: string) =>
      told(judge([jitAllow], [policy({ requests: [request(end, status)] })]));
    assert.deepEqual(ended("2026-05-04T11:55:00Z"), []);
    const message = `Defender's rule ${jitAllow.name} of web-nsg still lets 10.0.0.0/26 reach port 22 of 10.0.1.4, and the last request for it ended at 2026-05-04 11:45:00Z.`;
    assert.deepEqual(ended("2026-05-04T11:45:00Z"), [["jit-rule-orphaned", message]]);
  });

  it("tells a rule that no request asked for, also of a VM that is gone", () => {
    const message = `Defender's rule ${jitAllow.name} of web-nsg still lets 10.0.0.0/26 reach port 22 of 10.0.1.4, and no request asked for it.`;
    const orphan = [["jit-rule-orphaned", message]];
    assert.deepEqual(told(judge([jitAllow], [policy()])), orphan);
    assert.deepEqual(told(judge([jitAllow], [policy({ requests: [request("2026-05-04T13:00:00Z")] })], [])), orphan);
  });

  it("tells a deny rule that no policy covers", () => {
    assert.deepEqual(told(judge([jitDeny], [])), [
      [
        "jit-deny-orphaned",
        `Defender's rule ${jitDeny.name} of web-nsg still shuts port 22 of 10.0.1.4, and no JIT policy covers it.`,
      ],
    ]);
  });
});
