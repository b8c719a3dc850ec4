import assert from "node:assert/strict";
import type { SecurityRule } from "../../../../../cli/azure/networkSecurityRules.ts";
import { judgeNetwork } from "../../../../../cli/commands/doctor/checks/network.ts";
import {
  ada,
  bastionRange,
  group,
  jitAllow,
  jitDeny,
  jitPort,
  vmsWith,
  nic,
  nicId,
  nsg,
  policy,
  rule,
  standingDeny,
  subnet,
  subscriptionId,
  told,
  vmId,
} from "../fixture.ts";

describe("the check of the network before the VMs", () => {
  const judge = (parts: Parameters<typeof vmsWith>[0] = {}, isStack = true) =>
    judgeNetwork({ vms: vmsWith(parts), isStack, identity: ada, bastionRanges: [] });

  it("passes a VM whose ports two rules close", () => {
    assert.deepEqual(judge(), { findings: [], seen: "1 VM with JIT, and the network security groups before them." });
  });

  it("takes a rule in the subnet's group too", () => {
    const subnets = [{ ...subnet, nsgId: nsg([], "subnet-nsg").id }];
    assert.deepEqual(told(judge({ subnets, groups: [nsg([jitDeny]), nsg([standingDeny], "subnet-nsg")] })), []);
  });

  it("reports a VM that nothing guards", () => {
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

  it("reports a VM whose interface cannot be seen, and leaves out one that is gone", () => {
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

  it("reports a public address", () => {
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

  it("reports Defender's rule that is gone, and the stack's own", () => {
    assert.deepEqual(told(judge({ groups: [nsg([standingDeny])] })), [
      ["jit-deny-missing", "Defender's rule that closes port 22 of web is gone from web-nsg."],
    ]);
    assert.deepEqual(told(judge({ groups: [nsg([jitDeny])] })), [
      ["standing-deny-missing", "No standing rule of web-nsg closes port 22 of web."],
    ]);
    assert.deepEqual(told(judge({ groups: [nsg([jitDeny])] }, false)), []);
  });

  it("looks at the protocols of all policies that have the port", () => {
    const own = (...protocols: string[]) =>
      protocols.map((protocol) => policy({ vms: [{ id: vmId, name: "web", ports: [jitPort({ protocol })] }] }));
    const groups = [nsg([rule("deny", { protocol: "udp" }), { ...jitDeny, protocol: "udp" }])];
    const codes = (...protocols: string[]) =>
      judge({ groups, policies: own(...protocols) }).findings.map(({ code }) => code);
    assert.deepEqual(codes("UDP"), []);
    for (const protocols of [["TCP"], ["*"], ["TCP", "UDP"], ["UDP", "TCP"]]) {
      assert.deepEqual(codes(...protocols), ["jit-deny-missing", "standing-deny-missing"], protocols.join());
    }
  });

  it("does not take a rule for some sources, or another port, for one that closes it", () => {
    const useless = [
      rule("some", { sources: ["203.0.113.0/24"] }),
      rule("other", { ports: ["3389"] }),
      rule("family", { sources: ["::/0"] }),
      rule("client", { sourcePorts: ["1024-65535"] }),
    ];
    assert.deepEqual(
      judge({ groups: [nsg([jitDeny, ...useless])] }).findings.map(({ code }) => code),
      ["standing-deny-missing"],
    );
  });
});

describe("the check of the ports that cannot be requested", () => {
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
    assert.deepEqual(judge([denyBastion, app({ sources: ["9.0.0.0/8", "10.0.0.64/26"] })]), []);
    assert.deepEqual(judge([denyBastion, app({ protocol: "udp" })]), []);
    assert.deepEqual(judge([denyBastion, app({ priority: 4011 })]), []);
    assert.deepEqual(judge([denyBastion, jitAllow]), []);
    assert.deepEqual(judge([{ ...denyBastion, sources: ["10.0.0.0/27", "10.0.0.32/27"], ports: ["1-65535"] }]), []);
    const refuse = rule("Refuse", { priority: 150, sources: ["10.0.0.0/27"], ports: ["*"] });
    assert.deepEqual(judge([denyBastion, refuse, app({ sources: ["10.0.0.7"] })]), []);
  });

  it("reports that the rule is gone", () => {
    const gone = [
      [
        "bastion-deny-missing",
        "No rule of web-nsg denies the Bastion subnet (10.0.0.0/26) the ports of web that are not in its JIT policy.",
      ],
    ];
    assert.deepEqual(judge([]), gone);
    assert.deepEqual(judge([{ ...denyBastion, ports: ["0-8079"] }]), gone);
    assert.deepEqual(judge([{ ...denyBastion, ports: ["0-21"] }]), gone);
    assert.deepEqual(judge([{ ...denyBastion, sources: ["10.0.0.0/27"] }]), gone);
    assert.deepEqual(judge([{ ...denyBastion, sources: ["::/0"] }]), gone);
    assert.deepEqual(judge([{ ...denyBastion, sourcePorts: ["1024-65535"] }]), gone);
  });

  it("reports that the rule is gone also beside one that lets only some of a client's ports in", () => {
    const some = rule("Some", { access: "allow", priority: 300, ports: ["*"], sourcePorts: ["1-1023"] });
    const groups = [nsg([jitDeny, standingDeny, some]), nsg([jitDeny, standingDeny], "subnet-nsg")];
    const subnets = [{ ...subnet, nsgId: nsg([], "subnet-nsg").id }];
    const codes = (parts: Parameters<typeof vmsWith>[0]) =>
      judgeNetwork({ vms: vmsWith(parts), isStack: true, identity: ada, bastionRanges: [bastionRange] })
        .findings.map(({ code, resource }) => `${code} ${resource.split("/").at(-1)}`)
        .sort();
    const both = ["bastion-deny-bypassed Some", "bastion-deny-missing web-nsg"];
    assert.deepEqual(codes({ groups }), both);
    assert.deepEqual(codes({ groups, subnets }), both);
  });

  it("reports a rule that comes before it", () => {
    const bypassed = (ports: string) => [
      [
        "bastion-deny-bypassed",
        `The rule App (priority 200) of web-nsg lets the Bastion subnet (10.0.0.0/26) reach port ${ports} of web without a request.`,
      ],
    ];
    for (const sources of [
      ["*"],
      ["VirtualNetwork"],
      [bastionRange],
      ["10.0.0.0/8"],
      ["203.0.113.1", "10.0.0.7"],
      ["10.0.0.63"],
    ]) {
      assert.deepEqual(judge([denyBastion, app({ sources })]), bypassed("8080"), sources.join());
    }
    assert.deepEqual(judge([denyBastion, app({ ports: ["80", "5985-5986"] })]), bypassed("80, 5985-5986"));
  });

  it("does not ask for the stack's rule where there is no stack, or no subnet of the host's own", () => {
    assert.deepEqual(judge([], false), []);
    assert.deepEqual(judge([], true, []), []);
  });
});
