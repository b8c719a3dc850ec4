import assert from "node:assert/strict";
import type { JitPolicy } from "../../../../../cli/azure/jitPolicies.ts";
import type { NetworkInterface } from "../../../../../cli/azure/networkInventory.ts";
import type { SecurityRule } from "../../../../../cli/azure/networkSecurityRules.ts";
import { judgeOrphanedRules } from "../../../../../cli/commands/doctor/checks/orphanedRules.ts";
import type { RuleAuthor } from "../../../../../cli/commands/doctor/judgeJitRule.ts";
import {
  group,
  jitAllow,
  jitDeny,
  jitPort,
  nic,
  nicId,
  now,
  nsg,
  nsgId,
  policy,
  request,
  rule,
  subnet,
  subscriptionId,
  told,
  vmId,
} from "../fixture.ts";

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

  it("passes the rules of an active request and of a policy, and states what that rests on", () => {
    assert.deepEqual(judge([jitAllow, jitDeny]), {
      findings: [],
      seen: "2 rules under Defender's name in 1 group. Judged by the policies' requests; the activity log tells who wrote 0 of 1 allow rule.",
    });
    assert.deepEqual(judge([jitAllow], [active], { author: defender }), {
      findings: [],
      seen: "1 rule under Defender's name in 1 group. Judged by the policies' requests; the activity log tells who wrote 1 of 1 allow rule.",
    });
  });

  it("reports a rule that somebody wrote under such a name beside an active request", () => {
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

    it(`reports another author of ${name}, although it opens only what was asked for`, () => {
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

  it("reports a rule whose request has ended while another one runs", () => {
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

  it("reports a rule that no request asked for, also of a VM that is gone", () => {
    const message = `The rule ${jitAllow.name} (priority 100) of web-nsg still lets 10.0.0.0/26 reach port 22 of 10.0.1.4, and no request asked for it. ${unwritten}`;
    const orphan = [["jit-rule-orphaned", message]];
    assert.deepEqual(told(judge([jitAllow], [policy()])), orphan);
    assert.deepEqual(told(judge([jitAllow], [active], { nics: [] })), orphan);
  });

  it("reports a deny rule that no policy covers", () => {
    assert.deepEqual(told(judge([jitDeny], [])), [
      [
        "jit-deny-orphaned",
        `The rule ${jitDeny.name} of web-nsg still denies port 22 of 10.0.1.4, and no JIT policy covers it.`,
      ],
    ]);
  });
});
