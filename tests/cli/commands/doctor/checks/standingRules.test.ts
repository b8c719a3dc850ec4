import assert from "node:assert/strict";
import type { SecurityRule } from "../../../../../cli/azure/networkSecurityRules.ts";
import { judgeStandingRules } from "../../../../../cli/commands/doctor/checks/standingRules.ts";
import {
  bastionRange,
  group,
  jitAllow,
  jitDeny,
  jitPort,
  vmsWith,
  nic,
  nsg,
  nsgId,
  policy,
  rule,
  standingDeny,
  subscriptionId,
  told,
  vmId,
} from "../fixture.ts";

describe("the check of standing rules", () => {
  const judge = (...rules: SecurityRule[]) => judgeStandingRules(vmsWith({ groups: [nsg(rules)] }));

  it("passes ports that are closed, with and without an active request", () => {
    const shut = { findings: [], seen: "Checked 1 port of 1 VM: closed without a request." };
    assert.deepEqual(judge(standingDeny, jitDeny), shut);
    assert.deepEqual(judge(standingDeny, jitDeny, jitAllow), shut);
  });

  it("reports a rule that comes before the ones that deny, with its command", () => {
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

  it("reports each rule under another name that reaches the port, even if it opens only what a request asks for", () => {
    const same = {
      access: "allow",
      priority: 300,
      protocol: "tcp",
      sources: [bastionRange],
      destinations: ["10.0.1.4"],
    } as const;
    for (const more of [
      {},
      { sources: ["*"] },
      { sources: ["Internet"] },
      { sources: [bastionRange, `${group}/asg/ops`] },
      { ports: ["0-65535"] },
      { ports: ["22", "3389"] },
      { destinations: ["*"] },
      { destinations: ["10.0.1.0/24", "10.0.9.9"] },
      { sources: ["VirtualNetwork"], ports: ["*"], destinations: ["VirtualNetwork"] },
    ]) {
      for (const name of ["AllowSsh", "Defender-JITRule", "DenyManagementPorts2"]) {
        assert.deepEqual(
          judge(standingDeny, jitDeny, jitAllow, rule(name, { ...same, ...more })).findings.map(({ code }) => code),
          ["jit-bypassed"],
          `${name} ${JSON.stringify(more)}`,
        );
      }
    }
    const elsewhere = [
      { destinations: ["10.0.1.5"] },
      { ports: ["23-80"] },
      { direction: "outbound" },
      { priority: 4050 },
    ] as const;
    for (const more of elsewhere) {
      assert.deepEqual(judge(standingDeny, jitDeny, jitAllow, rule("AllowSsh", { ...same, ...more })).findings, []);
    }
  });

  it("looks at both protocols of a port that may be requested for any", () => {
    const vms = [{ id: vmId, name: "web", ports: [jitPort({ protocol: "*" })] }];
    const parts = { policies: [policy({ vms })], groups: [nsg([rule("deny", { protocol: "tcp" })])] };
    assert.deepEqual(
      judgeStandingRules(vmsWith(parts)).findings.map(({ code }) => code),
      ["jit-bypassed-by-default"],
    );
  });

  it("reports that no rule denies, so that Azure's own lets the network in", () => {
    assert.deepEqual(told(judge()), [
      [
        "jit-bypassed-by-default",
        "No rule of web-nsg closes port 22 of web, so AllowVnetInBound lets VirtualNetwork in without a request.",
      ],
    ]);
  });

  it("names the ports that a rule opens once, and reports that the VM has a public address", () => {
    const vms = [{ id: vmId, name: "web", ports: [jitPort(), jitPort({ number: 3389 })] }];
    const open = rule("open", { access: "allow", priority: 300, ports: ["1-4000"] });
    const found = judgeStandingRules(
      vmsWith({ policies: [policy({ vms })], groups: [nsg([open])], nics: [nic({}, "/pip")] }),
    );
    assert.deepEqual(told(found), [
      [
        "jit-bypassed",
        "The rule open (priority 300) of web-nsg lets * reach ports 22, 3389 of web without a request; web has a public IP address.",
      ],
    ]);
  });
});
