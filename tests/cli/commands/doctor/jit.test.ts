import assert from "node:assert/strict";
import type { JitPolicy } from "../../../../cli/azure/jitPolicies.ts";
import type { NetworkInterface } from "../../../../cli/azure/networkInventory.ts";
import type { SecurityRule } from "../../../../cli/azure/networkSecurityRules.ts";
import { judgeJitPolicies, type JitPolicyFacts } from "../../../../cli/commands/doctor/checks/jitPolicies.ts";
import { judgeNetwork } from "../../../../cli/commands/doctor/checks/network.ts";
import { judgeOrphanedRules } from "../../../../cli/commands/doctor/checks/orphanedRules.ts";
import { judgeStandingRules } from "../../../../cli/commands/doctor/checks/standingRules.ts";
import type { RuleAuthor } from "../../../../cli/commands/doctor/jitRuleVerdict.ts";
import {
  ada,
  bare,
  bastionRange,
  group,
  jitAllow,
  jitDeny,
  jitPort,
  vmsWith,
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
    judgeJitPolicies({ subject: stack, policies: [policy()], vms: [web], bastionRanges: [bastionRange], ...more });
  const withSources = (...sources: string[]): JitPolicy =>
    policy({ vms: [{ id: vmId, name: "web", ports: [jitPort({ sources })] }] });

  it("passes a VM that people can ask for from Bastion", () => {
    assert.deepEqual(judge({}), { findings: [], seen: "1 VM in 1 JIT policy." });
    assert.deepEqual(told(judge({ policies: [withSources("10.0.0.0/24")] })), []);
  });

  it("tells a VM of the stack that is gone, and one that no policy covers", () => {
    assert.deepEqual(told(judge({ vms: [] })), [["vm-missing", "The VM web does not exist, or you may not see it."]]);
    const none = [["jit-policy-missing", "No JIT policy covers web, so nobody can request access to it."]];
    assert.deepEqual(told(judge({ policies: [] })), none);
    assert.deepEqual(told(judge({ policies: [policy({ vms: [{ id: vmId, name: "web", ports: [] }] })] })), none);
  });

  it("tells a source that is not Bastion's, and any source", () => {
    assert.deepEqual(told(judge({ policies: [withSources("203.0.113.7")] })), [
      [
        "jit-not-from-bastion",
        "The JIT policy web-jit allows opening port 22 of web to 203.0.113.7 only, and Bastion connects from 10.0.0.0/26.",
      ],
    ]);
    assert.deepEqual(told(judge({ policies: [withSources("*")] })), [
      ["jit-from-anywhere", "The JIT policy web-jit allows opening port 22 of web to any address."],
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
    assert.deepEqual(told(judge({ subject: bare, vms: [web, ...others] })), [
      ["vm-without-jit", "6 VMs are in no JIT policy: vm0, vm1, vm2, vm3, vm4 and 1 more."],
    ]);
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

describe("the check of the network before the VMs", () => {
  const judge = (parts: Parameters<typeof vmsWith>[0] = {}, isStack = true) =>
    judgeNetwork({ vms: vmsWith(parts), isStack, identity: ada, bastionRanges: [] });

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
        "You see no network interface of web, so what reaches it is unknown.",
        `az role assignment create --assignee-object-id oid --assignee-principal-type User --role Reader --scope ${group}`,
      ],
    );
    assert.deepEqual(told(judge({ nics: [], vms: [] })), []);
  });

  it("tells a public address", () => {
    const { findings } = judge({ nics: [nic({}, `${group}/providers/Microsoft.Network/publicIPAddresses/pip`)] });
    assert.deepEqual(
      findings.map(({ code, message, fix }) => [code, message, fix]),
      [
        [
          "vm-public-address",
          "web has the public IP address pip.",
          `az network nic ip-config update --subscription ${subscriptionId} --resource-group rg --nic-name web-nic --name primary --public-ip-address null`,
        ],
      ],
    );
  });

  it("tells Defender's rule that is gone, and the stack's own", () => {
    assert.deepEqual(told(judge({ groups: [nsg([standingDeny])] })), [
      ["jit-deny-missing", "Defender's rule that closes port 22 of web is gone from web-nsg."],
    ]);
    assert.deepEqual(told(judge({ groups: [nsg([jitDeny])] })), [
      ["standing-deny-missing", "No standing rule of web-nsg closes port 22 of web."],
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

describe("the check of the ports that nobody can request", () => {
  const denyBastion = rule("DenyBastionSubnet", { priority: 4010, sources: [bastionRange], ports: ["*"] });
  const judge = (rules: SecurityRule[], isStack = true, bastionRanges = [bastionRange]) =>
    told(
      judgeNetwork({
        vms: vmsWith({ groups: [nsg([jitDeny, standingDeny, ...rules])] }),
        ...{ isStack, identity: ada, bastionRanges },
      }),
    );
  const app = (more: Partial<SecurityRule> = {}) =>
    rule("App", { access: "allow", priority: 200, protocol: "tcp", ports: ["8080"], ...more });

  it("passes where the Bastion subnet is denied them", () => {
    assert.deepEqual(judge([denyBastion]), []);
    assert.deepEqual(judge([denyBastion, app({ sources: ["203.0.113.0/24"] })]), []);
    assert.deepEqual(judge([denyBastion, app({ protocol: "udp" })]), []);
    assert.deepEqual(judge([denyBastion, app({ priority: 4011 })]), []);
    assert.deepEqual(judge([denyBastion, jitAllow]), []);
  });

  it("tells that the rule is gone", () => {
    const gone = [
      [
        "bastion-deny-missing",
        "No rule of web-nsg denies the Bastion subnet (10.0.0.0/26) the ports of web that are not in its JIT policy.",
      ],
    ];
    assert.deepEqual(judge([]), gone);
    assert.deepEqual(judge([{ ...denyBastion, ports: ["0-8079"] }]), gone);
    assert.deepEqual(judge([{ ...denyBastion, sources: ["10.0.0.0/27"] }]), gone);
  });

  it("tells a rule that comes before it", () => {
    const bypassed = (ports: string) => [
      [
        "bastion-deny-bypassed",
        `The rule App (priority 200) of web-nsg lets the Bastion subnet (10.0.0.0/26) reach port ${ports} of web without a request.`,
      ],
    ];
    for (const sources of [["*"], ["VirtualNetwork"], [bastionRange], ["10.0.0.0/8"], ["203.0.113.1", "10.0.0.7"]]) {
      assert.deepEqual(judge([denyBastion, app({ sources })]), bypassed("8080"), sources.join());
    }
    assert.deepEqual(judge([denyBastion, app({ ports: ["80", "5985-5986"] })]), bypassed("80, 5985-5986"));
  });

  it("does not ask for the stack's rule where there is no stack, or no subnet of the host's own", () => {
    assert.deepEqual(judge([], false), []);
    assert.deepEqual(judge([], true, []), []);
  });
});

describe("the check of standing rules", () => {
  const judge = (...rules: SecurityRule[]) => judgeStandingRules(vmsWith({ groups: [nsg(rules)] }));

  it("passes ports that are shut, with and without an active request", () => {
    const shut = { findings: [], seen: "Checked 1 port of 1 VM: closed without a request." };
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

  it("tells each rule under another name that reaches the port, also where it opens just what a request asks for", () => {
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

  it("tells that no rule denies, so that Azure's own lets the network in", () => {
    assert.deepEqual(told(judge()), [
      [
        "jit-bypassed-by-default",
        "No rule of web-nsg closes port 22 of web, so AllowVnetInBound lets VirtualNetwork in without a request.",
      ],
    ]);
  });

  it("says once for a rule which ports it opens, and that the VM has a public address", () => {
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

describe("the check of rules under Defender's name", () => {
  const active = policy({ requests: [request("2026-05-04T13:00:00Z")] });
  const by = (name: string, isDefender: boolean): RuleAuthor => ({
    name,
    isDefender,
    time: "2026-05-04T11:30:00.000Z",
  });
  const byAda = by("ada@example.com", false);
  const defender = by("Defender for Cloud", true);
  const judge = (
    rules: SecurityRule[],
    policies: JitPolicy[] = [active],
    { author, nics = [nic()] }: { author?: RuleAuthor; nics?: NetworkInterface[] } = {},
  ) => {
    const authors = new Map(author === undefined ? [] : rules.map(({ id }) => [id, author]));
    return judgeOrphanedRules({ groups: [nsg(rules)], policies, nics, subnets: [subnet], now, authors });
  };
  const codes = (...args: Parameters<typeof judge>) => judge(...args).findings.map(({ code }) => code);
  const asked = "Requested: 10.0.0.0/26 to port 22 of web (10.0.1.4) until 2026-05-04 13:00:00Z.";
  const unwritten = "The activity log does not tell who wrote it.";

  it("passes the rules of an active request and of a policy, and says on what that rests", () => {
    assert.deepEqual(judge([jitAllow, jitDeny]), {
      findings: [],
      seen: "2 rules under Defender's name in 1 group. Judged by the policies' requests; the activity log tells who wrote 0 of 1 allow rule.",
    });
    assert.deepEqual(judge([jitAllow], [active], { author: defender }), {
      findings: [],
      seen: "1 rule under Defender's name in 1 group. Judged by the policies' requests; the activity log tells who wrote 1 of 1 allow rule.",
    });
  });

  it("tells a rule that somebody wrote under such a name beside an active request", () => {
    const forged = rule("MicrosoftDefenderForCloud-JITRule-temp", {
      ...{ access: "allow", priority: 101, protocol: "tcp", sources: ["Internet"], destinations: ["*"] },
    });
    const { findings } = judge([jitAllow, forged]);
    assert.deepEqual(findings, [
      {
        code: "jit-rule-wider",
        severity: "error",
        resource: forged.id,
        message: `The rule ${forged.name} (priority 101) of web-nsg opens more than the active requests ask for: source Internet; destination *. ${asked} ${unwritten}`,
        fix: `az network nsg rule delete --subscription ${subscriptionId} --resource-group rg --nsg-name web-nsg --name ${forged.name}`,
      },
    ]);
  });

  const sources = ["*", "Internet", "VirtualNetwork", "10.0.0.0/16", "203.0.113.7", `${group}/asg/ops`];
  const ports = ["*", "0-65535", "22-23", "3389"];
  const destinations = ["*", "10.0.1.0/24", "10.0.1.5", "VirtualNetwork", `${group}/asg/web`];
  const names = [
    jitAllow.name,
    "SecurityCenter-JITRule-9-0123456789ABCDEF0123456789ABCDEF",
    "MicrosoftDefenderForCloud-JITRule-temp",
  ];
  const forms: [string, Partial<SecurityRule>][] = [
    ...sources.map((one): [string, Partial<SecurityRule>] => [
      `source ${one}`,
      { sources: [...jitAllow.sources, one] },
    ]),
    ...ports.map((one): [string, Partial<SecurityRule>] => [`port ${one}`, { ports: [one] }]),
    ...destinations.map((one): [string, Partial<SecurityRule>] => [`destination ${one}`, { destinations: [one] }]),
  ];
  for (const name of names) {
    it(`names each pair of what goes beyond the request, whoever wrote ${name}`, () => {
      const named = (more: Partial<SecurityRule>) => ({
        ...jitAllow,
        ...more,
        id: `${nsgId}/securityRules/${name}`,
        name,
      });
      for (const [what, one] of forms) {
        for (const [other, two] of forms) {
          for (const author of [undefined, byAda, defender]) {
            const { findings } = judge([named({ ...one, ...two })], [active], author && { author });
            const message = findings[0]?.message ?? "";
            assert.deepEqual(
              findings.map(({ code }) => code),
              ["jit-rule-wider"],
              `${what} and ${other}`,
            );
            // Of two changes of one kind, the second is what is there.
            const kinds = new Set([what, other].map((text) => text.split(" ")[0]));
            for (const text of kinds.size === 2 ? [what, other] : [other]) {
              const [kind = "", part = ""] = text.split(" ");
              assert.ok(message.includes(`${kind} ${part.split("/asg/").at(-1)!}`), `${text}: ${message}`);
            }
            assert.ok(
              message.endsWith(
                author === undefined
                  ? unwritten
                  : `Written by ${author.name} at 2026-05-04 11:30:00Z, by the activity log.`,
              ),
            );
          }
        }
      }
    });

    it(`tells another author of ${name}, though it opens just what was asked for`, () => {
      const same = { ...jitAllow, id: `${nsgId}/securityRules/${name}`, name };
      assert.deepEqual(codes([same]), []);
      assert.deepEqual(codes([same], [active], { author: defender }), []);
      assert.deepEqual(told(judge([same], [active], { author: byAda })), [
        [
          "jit-rule-not-defenders",
          `The rule ${name} (priority 100) of web-nsg lets 10.0.0.0/26 reach port 22 of 10.0.1.4 as requested, but Defender did not write it and will not remove it. Written by ada@example.com at 2026-05-04 11:30:00Z, by the activity log.`,
        ],
      ]);
    });
  }

  it("counts a wider protocol only where somebody else wrote the rule: which one Defender writes is not documented", () => {
    const any = { ...jitAllow, protocol: "*" };
    assert.deepEqual([codes([any]), codes([any], [active], { author: defender })], [[], []]);
    assert.deepEqual(codes([any], [active], { author: byAda }), ["jit-rule-wider"]);
    const star = policy({ ...active, vms: [{ id: vmId, name: "web", ports: [jitPort({ protocol: "*" })] }] });
    assert.deepEqual(codes([{ ...jitAllow, protocol: "udp" }], [star], { author: defender }), []);
  });

  it("leaves rules that let nobody in, whatever their name", () => {
    assert.deepEqual(codes([{ ...jitAllow, direction: "outbound", sources: ["*"], ports: ["*"] }]), []);
  });

  it("takes the requests of the VM behind the group, and of no other with the same address", () => {
    const other = nic({ id: `${nicId}2`, vmId: `${vmId}2`, nsgId: `${nsgId}2` });
    const requests = request("2026-05-04T13:00:00Z");
    const ports = requests.ports.map((port) => ({ ...port, vm: `${vmId}2` }));
    const elsewhere = policy({ requests: [{ ...requests, ports }] });
    assert.deepEqual(codes([jitAllow], [elsewhere], { nics: [nic(), other] }), ["jit-rule-orphaned"]);
    const shared = { ...subnet, nsgId };
    const bySubnet = judgeOrphanedRules({
      ...{ groups: [nsg([jitAllow])], policies: [active], nics: [nic({ nsgId: null })], subnets: [shared] },
      ...{ now, authors: new Map<string, RuleAuthor>() },
    });
    assert.deepEqual(bySubnet.findings, []);
  });

  it("takes what the policy allows for a request that states no source", () => {
    const bare = request("2026-05-04T13:00:00Z");
    const unstated = policy({ requests: [{ ...bare, ports: bare.ports.map((port) => ({ ...port, source: null })) }] });
    assert.deepEqual(codes([jitAllow], [unstated]), []);
    assert.deepEqual(codes([{ ...jitAllow, sources: ["*"] }], [unstated]), ["jit-rule-wider"]);
  });

  it("gives Defender some minutes after a request's end", () => {
    const ended = (end: string, status?: string) =>
      told(judge([jitAllow], [policy({ requests: [request(end, status)] })]));
    assert.deepEqual(ended("2026-05-04T11:55:00Z"), []);
    const message = `The rule ${jitAllow.name} (priority 100) of web-nsg still lets 10.0.0.0/26 reach port 22 of 10.0.1.4, and the last request for it ended at 2026-05-04 11:45:00Z. ${unwritten}`;
    assert.deepEqual(ended("2026-05-04T11:45:00Z"), [["jit-rule-orphaned", message]]);
  });

  it("tells a rule whose request has ended while another one runs", () => {
    const desk = request("2026-05-04T13:00:00Z");
    const running = { ...desk, ports: desk.ports.map((port) => ({ ...port, port: 3389 })) };
    const vms = [{ id: vmId, name: "web", ports: [jitPort(), jitPort({ number: 3389 })] }];
    const both = policy({ vms, requests: [request("2026-05-04T11:00:00Z"), running] });
    assert.deepEqual(told(judge([jitAllow], [both])), [
      [
        "jit-rule-orphaned",
        `The rule ${jitAllow.name} (priority 100) of web-nsg still lets 10.0.0.0/26 reach port 22 of 10.0.1.4, and the last request for it ended at 2026-05-04 11:00:00Z. ${unwritten}`,
      ],
    ]);
  });

  it("tells a rule that no request asked for, also of a VM that is gone", () => {
    const message = `The rule ${jitAllow.name} (priority 100) of web-nsg still lets 10.0.0.0/26 reach port 22 of 10.0.1.4, and no request asked for it. ${unwritten}`;
    const orphan = [["jit-rule-orphaned", message]];
    assert.deepEqual(told(judge([jitAllow], [policy()])), orphan);
    assert.deepEqual(told(judge([jitAllow], [active], { nics: [] })), orphan);
  });

  it("tells a deny rule that no policy covers", () => {
    assert.deepEqual(told(judge([jitDeny], [])), [
      [
        "jit-deny-orphaned",
        `The rule ${jitDeny.name} of web-nsg still denies port 22 of 10.0.1.4, and no JIT policy covers it.`,
      ],
    ]);
  });
});
