import assert from "node:assert/strict";
import type { WrittenRule } from "../../../../cli/audit/activity/types.ts";
import { accessRelations } from "../../../../cli/audit/trail/accessRelations.ts";
import type { GrantLife } from "../../../../cli/audit/trail/grantLives.ts";
import type { RuleLife } from "../../../../cli/audit/trail/ruleLives.ts";
import { forever } from "../../../../cli/time.ts";
import { allowName, nsgId, rule } from "../activity/events.ts";

const securityGroup = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/web";

const nothing = { hosts: new Map<string, string[]>(), vms: [] };

function lifeOf(facts: Partial<WrittenRule> | null, more: Partial<RuleLife> = {}): RuleLife {
  return {
    ...{ id: "u1", name: "Open", group: nsgId.toLowerCase(), from: 0, until: null, isDeleted: false, author: "eve" },
    ...{ byDefender: false, byStack: false, correlationId: null, request: null, correlated: false, linked: [] },
    rule: facts === null ? null : rule("Open", facts),
    ...more,
  };
}

function grantOf(vm: string, vmIps: readonly string[]): GrantLife {
  const request = {
    ...{ id: "r", by: null, caller: null, people: [], at: "" },
    ...{ reason: null, correlationId: null, callerIp: null, vms: [] },
  };
  return {
    ...{ id: vm, request, vm, vmName: vm, port: 22, sources: [], vmIps, ruleTold: true },
    ...{ from: 0, until: 1, askedUntil: 1, endedBy: null },
  };
}

/** What a rule says of the sessions that it may apply to, in short. */
function said(facts: Partial<WrittenRule> | null): string[] {
  return Array.from(
    accessRelations([], [lifeOf(facts)], nothing).rules,
    ({ Known, SourceLo, SourceHi, DestLo, DestHi, PortLo, PortHi }) =>
      `${textOf(SourceLo, SourceHi)} to ${textOf(DestLo, DestHi)}:${PortLo}-${PortHi}${Known ? "" : " perhaps"}`,
  );
}

function textOf(lo: number, hi: number): string {
  const dotted = (address: number) => [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
  return lo === 0 && hi === 2 ** 32 - 1 ? "*" : lo === hi ? dotted(lo) : `${dotted(lo)}-${dotted(hi)}`;
}

const usual = "10.60.0.0-10.60.0.63 to 10.60.1.4:22-22";

describe("a rule applies to", () => {
  const rules: readonly (readonly [name: string, facts: Partial<WrittenRule> | null, rows: readonly string[]])[] = [
    ["what it opens", {}, [usual]],
    ["each of its ranges of ports", { ports: ["22", "8000-8100"] }, [usual, usual.replace("22-22", "8000-8100")]],
    ["TCP, if it is for any protocol", { protocol: "*" }, [usual]],
    ["TCP, if its protocol is spelt as the portal has it", { protocol: "any" }, [usual]],
    ["nothing of TCP, if it is for UDP", { protocol: "udp" }, []],
    ["nothing of TCP, if it is for AH", { protocol: "ah" }, []],
    ["nothing inbound, if it is outbound", { direction: "outbound" }, []],
    ["no Bastion host, if its source is a service tag", { sources: ["AzureCloud.WestEurope"] }, []],
    ["no Bastion host, if its source is an IPv6 range", { sources: ["fd00::/8"] }, []],
    ["no Bastion host, if its source is an application security group", { sources: [securityGroup] }, []],
    [
      "any VM, if its destination is an application security group",
      { destinations: [securityGroup] },
      ["10.60.0.0-10.60.0.63 to *:22-22 perhaps"],
    ],
    ["what it opens, perhaps, if it is for some of a client's ports", { sourcePorts: ["1"] }, [`${usual} perhaps`]],
    ["what it opens, if it is for all of a client's ports", { sourcePorts: ["0-1023", "1024-65535"] }, [usual]],
    ["anything, if its content is not in the log", null, ["* to *:0-65535 perhaps"]],
    ["any port, if it names none", { ports: [] }, [`${usual.replace("22-22", "0-65535")} perhaps`]],
    [
      "any port, if one of them cannot be read",
      { ports: ["22,3389"] },
      [`${usual.replace("22-22", "0-65535")} perhaps`],
    ],
    ["any source, if one of them cannot be read", { sources: ["10.60.0.0/33"] }, ["* to 10.60.1.4:22-22 perhaps"]],
    [
      "any address, if one of them cannot be read",
      { destinations: ["10.60.1.4-10.60.1.9"] },
      ["10.60.0.0-10.60.0.63 to *:22-22 perhaps"],
    ],
  ];
  for (const [name, facts, rows] of rules) {
    it(name, () => {
      assert.deepEqual(said(facts), rows);
    });
  }
});

describe("grants and rules that cannot match a session", () => {
  it("are left out, if the sessions' VMs are known", () => {
    const lives = ["10.60.1.4", "10.60.1.5", "*"].map((address) => lifeOf({ destinations: [address] }));
    const vms = { keys: new Set(["/web", "ip:10.60.1.4"]), addresses: new Set(["10.60.1.4"]) };
    const grants = [
      ["/WEB", []],
      ["/db", ["10.60.1.4"]],
      ["/app", ["10.60.1.5"]],
    ] as const;
    const relations = accessRelations(
      grants.map(([vm, vmIps]) => grantOf(vm, vmIps)),
      lives,
      nothing,
      vms,
    );
    assert.deepEqual(
      Array.from(relations.grants, ({ VmKey }) => VmKey),
      ["/web", "/db", "ip:10.60.1.4"],
    );
    assert.deepEqual(
      Array.from(relations.rules, ({ DestLo, DestHi }) => textOf(DestLo, DestHi)),
      ["10.60.1.4", "*"],
    );
    assert.deepEqual(
      Array.from(relations.jitVms, ({ VmKey }) => VmKey),
      ["/web", "/db", "ip:10.60.1.4", "/app", "ip:10.60.1.5"],
    );
  });
});

describe("a rule may be Defender's", () => {
  const unknown = { author: null };
  for (const [why, isSo, life] of [
    ["if Defender wrote it", true, lifeOf({ jitName: true }, { byDefender: true, author: "Defender for Cloud" })],
    ["not if somebody else did", false, lifeOf({ jitName: true })],
    ["if the log does not show who did", true, lifeOf({ jitName: true }, unknown)],
    ["if the log has only its deletion", true, lifeOf(null, unknown)],
    ["not if its name is none of Defender's", false, lifeOf({}, unknown)],
  ] as const) {
    it(why, () => {
      assert.deepEqual(
        Array.from(accessRelations([], [life], nothing).rules, ({ ByDefender }) => ByDefender),
        [isSo],
      );
    });
  }
});

describe("whether a grant still lasts is doubtful", () => {
  const vm = nsgId.replace(/Microsoft.Network.*/, "Microsoft.Compute/virtualMachines/web");
  const minutes = (count: number) => count * 60_000;
  const day = { ...grantOf(vm, []), from: minutes(10), until: minutes(70), ruleTold: false };
  const gone = (minute: number, more: Partial<RuleLife> = {}) =>
    lifeOf(null, { name: allowName, author: null, isDeleted: true, until: minutes(minute), ...more });
  const doubt = (lives: readonly RuleLife[], vms: readonly { id: string; nsgId?: string }[] = []) => {
    const [row] = [...accessRelations([day], lives, { ...nothing, vms }).grants];
    return row?.DoubtedFrom === forever ? null : (row?.DoubtedFrom ?? 0) / minutes(1);
  };
  const ownGroup = [{ id: vm.toUpperCase(), nsgId }];
  const otherGroup = [{ id: vm, nsgId: `${nsgId}-2` }];
  const ofVm = { ...lifeOf({}), request: day.request };
  for (const [when, since, lives, vms] of [
    [
      "once somebody deleted a rule with a JIT name, of which the log has only that",
      20,
      [gone(20), gone(30)],
      ownGroup,
    ],
    ["once somebody deleted one in a group that may be the VM's", 20, [gone(20)], []],
    ["not if the rule was in another VM's group", null, [gone(20)], otherGroup],
    ["not if the rule has no JIT name", null, [gone(20, { name: "Open" })], ownGroup],
    ["not if Defender deleted it", null, [gone(20, { byDefender: true })], ownGroup],
    ["not if the log shows who wrote it", null, [gone(20, { author: "eve" })], ownGroup],
    ["not if it was deleted before the grant or at its end", null, [gone(10), gone(69)], ownGroup],
    ["not if the log has the grant's own rule", null, [gone(20), ofVm], ownGroup],
  ] as const) {
    it(when, () => {
      assert.equal(doubt(lives, vms), since);
    });
  }
});

describe("the range of a host", () => {
  const bastion = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/bastionHosts/hub";
  const parts = (...sources: string[]): string[] => {
    const access = ["deny", "allow"] as const;
    const lives = sources.map((source, index) => lifeOf({ access: access[index % 2]!, sources: [source] }));
    const hosts = new Map([[bastion, ["10.60.0.0/26", "fd00::/64"]]]);
    return accessRelations([], lives, { hosts, vms: [] })
      .hosts.filter(({ Bastion }) => Bastion === bastion)
      .map(({ Lo, Hi }) => textOf(Lo, Hi));
  };

  it("is whole if no rule is for a part of it", () => {
    assert.deepEqual(parts("*", "10.60.0.0/26", "10.0.0.0/8", "10.61.0.0/27", "fd00::/65"), ["10.60.0.0-10.60.0.63"]);
  });

  it("is in parts where such rules begin or end", () => {
    assert.deepEqual(parts("10.60.0.32/27", "10.60.0.4", "10.60.0.32/27"), [
      "10.60.0.0-10.60.0.3",
      "10.60.0.4",
      "10.60.0.5-10.60.0.31",
      "10.60.0.32-10.60.0.63",
    ]);
  });

  it("is whole for hosts that are not known", () => {
    const lives = [lifeOf({ access: "deny", sources: ["10.60.0.0/27"] })];
    assert.equal(accessRelations([], lives, nothing).hosts.length, 4);
  });
});

describe("the groups of a VM", () => {
  it("are those in which Defender wrote a rule for it, and not those of another VM of the same request", () => {
    const [web, db] = ["web", "db"].map(
      (name) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/${name}`,
    );
    const vms = [web, db].map((id = "") => ({ id, name: id.slice(id.lastIndexOf("/") + 1), ports: [] }));
    const request = {
      ...{ id: "r", by: null, caller: null, people: [], at: "" },
      ...{ reason: null, correlationId: null, callerIp: null, vms },
    };
    const life = (group: string, description: string): RuleLife => ({
      ...{ id: group, name: "JIT", group, from: 0, until: null, isDeleted: false, author: null, byDefender: true },
      ...{ byStack: false, correlationId: null, correlated: true, request, linked: [request] },
      rule: rule("JIT", { description }),
    });
    const lives = [
      life("web-nsg", "of VM 'Web'."),
      life("db-nsg", "of VM 'db'."),
      life("subnet-nsg", "JIT"),
      { ...life("wide-nsg", "of VM 'db'."), request: null },
      { ...life("others-nsg", "of VM 'db'."), request: null, byDefender: false },
    ];
    assert.deepEqual(
      accessRelations([], lives, nothing).placements.map(({ VmKey, Group }) => [VmKey, Group]),
      [
        [web?.toLowerCase(), "web-nsg"],
        ["ip:10.60.1.4", "web-nsg"],
        [db?.toLowerCase(), "db-nsg"],
        ["ip:10.60.1.4", "db-nsg"],
        [web?.toLowerCase(), "subnet-nsg"],
        [db?.toLowerCase(), "subnet-nsg"],
        ["ip:10.60.1.4", "subnet-nsg"],
        [db?.toLowerCase(), "wide-nsg"],
        ["ip:10.60.1.4", "wide-nsg"],
      ],
    );
  });
});
