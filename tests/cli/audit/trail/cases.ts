import type { JoinedRow, RelationRows } from "../../../../cli/audit/trail/relations.ts";
import { at, branch, db, flow, grant, handMade, hub, ip, quiet, rule, session, web } from "./relationRows.ts";

type Facts = Partial<JoinedRow>;

export interface Case {
  readonly name: string;
  readonly rows: Partial<RelationRows>;
  /** What the join must say, in the order of the sessions. */
  readonly says: readonly Facts[];
}

const bob = { People: "|bob@example.com|" };
const second = { GrantId: "g2", RequestId: "r2" };
const secondRule = { RuleId: "u2", RequestId: "r2", Name: "MicrosoftDefenderForCloud-JITRule-2-0", Priority: 101 };
const fromBranch = { SourceLo: ip("10.80.0.0"), SourceHi: ip("10.80.0.63") };
const revoked = { Until: at(5) };
const instance = (number: number) =>
  `/subscriptions/s1/resourceGroups/app/providers/Microsoft.Compute/virtualMachineScaleSets/web/virtualMachines/${number}`;
const gap = (from: number, until: number, Tail = false) => ({ From: at(from), Until: at(until), Tail });
const denial = (facts: Partial<RelationRows["rules"][number]> = {}) =>
  handMade({ RuleId: "d", Name: "Deny", Allows: false, Priority: 150, ...facts });
const port2222 = { PortLo: 2222, PortHi: 2222 };

/** One session, and what the join must say of it. */
function one(name: string, rows: Partial<RelationRows>, says: Facts): Case {
  return { name, rows: { sessions: [session()], ...rows }, says: [says] };
}

const requested = { grants: [grant()], rules: [rule()] };

export const links: readonly Case[] = [
  one(
    "flow: the flow log names the rule of the request",
    { ...requested, flows: [flow()] },
    { Link: "flow", Verdict: "granted", GrantId: "g1", RuleId: "u1", FlowFinish: at(19), Bytes: 4711 },
  ),
  one("correlation: Defender wrote the rule under the request's correlation id", requested, {
    ...{ Link: "correlation", Verdict: "granted", GrantId: "g1", RuleId: "u1", Candidates: "" },
    ...{ FlowFinish: 0, Bytes: -1, Flags: "", Incomplete: false, Port: 22 },
  }),
  one(
    "inferred: VM, port, source, time and author fit one request",
    { grants: [grant()], rules: [rule({ Correlated: false })] },
    { Link: "inferred", Verdict: "granted", GrantId: "g1", RuleId: "u1" },
  ),
  one(
    "inferred: one request fits, and no log has its rule",
    { grants: [grant()] },
    { Link: "inferred", Verdict: "granted", GrantId: "g1", RuleId: "" },
  ),
  one(
    "ambiguous: two requests of others fit",
    {
      grants: [grant(bob), grant({ ...second, People: "|eve@example.com|", From: at(5) })],
      rules: [rule(), rule({ ...secondRule, From: at(5) })],
    },
    { Link: "ambiguous", Verdict: "borrowed", GrantId: "g2", RuleId: "u2", Candidates: "grant:g1 grant:g2 rule:u1" },
  ),
  one(
    "ambiguous: two hand-made rules of two groups fit",
    {
      placements: [...quiet.placements, { VmKey: web, Group: "subnet-nsg" }],
      rules: [handMade(), handMade({ RuleId: "u8", Group: "subnet-nsg", Scope: "subnet-nsg|*" })],
    },
    { Link: "ambiguous", Verdict: "bypassed", GrantId: "", RuleId: "", Candidates: "rule:u8 rule:u9" },
  ),
  one(
    "ambiguous: a request without a rule, and a hand-made rule",
    { grants: [grant()], rules: [handMade()] },
    { Link: "ambiguous", Verdict: "granted", GrantId: "g1", RuleId: "", Candidates: "grant:g1 rule:u9" },
  ),
  one("none: nothing fits", {}, { Link: "none", Verdict: "ungranted", GrantId: "", RuleId: "", Candidates: "" }),
];

export const people: readonly Case[] = [
  one(
    "granted: whatever the case of the names",
    {
      ...requested,
      sessions: [session({ Person: "ADA@Example.com", Vm: web.toUpperCase(), Bastion: hub.toUpperCase() })],
    },
    { Verdict: "granted", Link: "correlation" },
  ),
  one(
    "granted: a guest whom the audit log calls by the name in his tenant",
    { ...requested, sessions: [session({ Person: "Ada_Example.com#EXT#@contoso.onmicrosoft.com" })] },
    { Verdict: "granted", Person: "Ada_Example.com#EXT#@contoso.onmicrosoft.com" },
  ),
  ...["live.com", "Google.com", "mail"].map((provider) =>
    one(
      `granted: a person whom the audit log calls by who signs in, ${provider}`,
      { ...requested, sessions: [session({ Person: `${provider}#Ada@example.com` })] },
      { Verdict: "granted", Person: `${provider}#Ada@example.com` },
    ),
  ),
  one(
    "borrowed: a person of the same name with another provider",
    { ...requested, sessions: [session({ Person: "example.com#ada@example.com" })] },
    { Verdict: "borrowed" },
  ),
  one(
    "borrowed: another guest",
    { ...requested, sessions: [session({ Person: "bob_example.com#EXT#@contoso.onmicrosoft.com" })] },
    { Verdict: "borrowed" },
  ),
  one(
    "unverified: the log does not name the person",
    { ...requested, sessions: [session({ Person: "" })] },
    {
      Verdict: "unverified",
      GrantId: "g1",
    },
  ),
  one(
    "borrowed: a request of somebody else",
    { grants: [grant(bob)], rules: [rule()] },
    {
      Verdict: "borrowed",
      GrantId: "g1",
      Link: "correlation",
    },
  ),
  one(
    "borrowed: a name that is a part of another one",
    { grants: [grant({ People: "|nada@example.com|" })], rules: [rule()] },
    { Verdict: "borrowed" },
  ),
  one(
    "the same person's request counts before a later one",
    {
      grants: [grant(), grant({ ...second, ...bob, From: at(5) })],
      rules: [rule(), rule({ ...secondRule, From: at(5) })],
    },
    { Verdict: "granted", GrantId: "g1", RuleId: "u1", Link: "correlation" },
  ),
  one(
    "of the same person's requests the latest counts",
    {
      grants: [grant(), grant({ ...second, From: at(5) })],
      rules: [rule({ Until: at(5) }), rule({ ...secondRule, From: at(5) })],
    },
    { Verdict: "granted", GrantId: "g2", RuleId: "u2", Link: "correlation" },
  ),
  one(
    "of the same person's requests the latest counts, in whatever order they are",
    { grants: [grant({ From: at(5) }), grant(second)] },
    { Verdict: "granted", GrantId: "g1", Link: "ambiguous" },
  ),
  one(
    "of others' requests, that of the rule in the flow log counts",
    {
      grants: [grant(bob), grant({ ...second, People: "|eve@example.com|", From: at(5) })],
      rules: [rule(), rule({ ...secondRule, From: at(5) })],
      flows: [flow()],
    },
    { Verdict: "borrowed", GrantId: "g1", RuleId: "u1", Link: "flow" },
  ),
];

export const conditions: readonly Case[] = [
  one(
    "another port",
    { grants: [grant({ Port: 3389 })], rules: [rule({ PortLo: 3389, PortHi: 3389 })] },
    { Verdict: "ungranted" },
  ),
  one(
    "RDP by the port of RDP",
    {
      sessions: [session({ Protocol: "RDP" })],
      grants: [grant({ Port: 3389 })],
      rules: [rule({ PortLo: 3389, PortHi: 3389 })],
    },
    { Verdict: "granted", Port: 3389 },
  ),
  one(
    "another VM",
    { ...requested, grants: [grant({ VmKey: db.toLowerCase() })], rules: [] },
    { Verdict: "ungranted" },
  ),
  one(
    "a request that began later",
    { grants: [grant({ From: at(13) })], rules: [rule({ From: at(13) })] },
    { Verdict: "ungranted" },
  ),
  one(
    "a request that had ended",
    { grants: [grant({ Until: at(7) })], rules: [rule({ Until: at(7) })] },
    { Verdict: "ungranted" },
  ),
  one(
    "a request that began a minute later by its own clock",
    { grants: [grant({ From: at(11) })], rules: [rule({ From: at(11) })] },
    { Verdict: "granted", Link: "correlation", Flags: "" },
  ),
  one(
    "a request that had ended a minute before by its own clock",
    { grants: [grant({ Until: at(9) })], rules: [rule({ Until: at(9) })] },
    { Verdict: "granted", Link: "correlation", Flags: "outlived late" },
  ),
  one(
    "a request that had ended a minute before, and a hand-made rule",
    { grants: [grant({ Until: at(9) })], rules: [rule({ Until: at(9) }), handMade()] },
    { Verdict: "bypassed", Link: "inferred", RuleId: "u9", GrantId: "" },
  ),
  one(
    "a request that had ended a minute before without a rule, and a hand-made rule",
    { grants: [grant({ Until: at(9) })], rules: [handMade()] },
    { Verdict: "bypassed", Link: "inferred", RuleId: "u9", GrantId: "" },
  ),
  one(
    "a start that no record tells, and a request",
    { ...requested, sessions: [session({ StartTold: false })] },
    { Verdict: "unknown", Link: "none", GrantId: "", RuleId: "", Incomplete: false },
  ),
  one(
    "a start that no record tells, and a hand-made rule",
    { sessions: [session({ StartTold: false })], rules: [handMade()] },
    { Verdict: "unknown", Link: "none", GrantId: "", RuleId: "" },
  ),
  one(
    "a start that no record tells, and a flow",
    { sessions: [session({ StartTold: false })], flows: [flow({ Rule: "OpenSsh" })] },
    { Verdict: "unknown", Link: "none", RuleName: "", Bytes: -1 },
  ),
  one("another source", { grants: [grant(fromBranch)], rules: [rule(fromBranch)] }, { Verdict: "ungranted" }),
  one("a hand-made rule for another source", { rules: [handMade(fromBranch)] }, { Verdict: "ungranted" }),
  one(
    "a hand-made rule for another port",
    { rules: [handMade({ PortLo: 80, PortHi: 443 })] },
    { Verdict: "ungranted" },
  ),
  one(
    "a hand-made rule for another address",
    { rules: [handMade({ DestLo: ip("10.60.2.0"), DestHi: ip("10.60.2.255") })] },
    { Verdict: "ungranted" },
  ),
  one("a hand-made rule that came later", { rules: [handMade({ From: at(30) })] }, { Verdict: "ungranted" }),
  one("a hand-made rule that was gone", { rules: [handMade({ Until: at(1) })] }, { Verdict: "ungranted" }),
  one(
    "a hand-made rule of another group",
    { rules: [handMade({ Group: "g", Scope: "g|*" })] },
    { Verdict: "ungranted" },
  ),
];

export const bypasses: readonly Case[] = [
  one(
    "a hand-made rule, although a revoked request of the same day would fit",
    {
      sessions: [session({ Start: at(30) })],
      grants: [grant(revoked)],
      rules: [rule(revoked), handMade({ From: at(2) })],
    },
    { Verdict: "bypassed", Link: "inferred", GrantId: "", RuleId: "u9", Candidates: "" },
  ),
  one(
    "a revoked request alone",
    { sessions: [session({ Start: at(30) })], grants: [grant(revoked)], rules: [rule(revoked)] },
    { Verdict: "ungranted", GrantId: "" },
  ),
  one(
    "a rule with a name like JIT's that somebody else wrote",
    { rules: [rule({ ByDefender: false, RequestId: "", Correlated: false })] },
    { Verdict: "bypassed", RuleId: "u1", GrantId: "", Link: "inferred" },
  ),
  one(
    "Defender's rule that is wider than its request",
    { grants: [grant({ Port: 3389 })], rules: [rule({ PortLo: 0, PortHi: 65_535, RequestId: "" })] },
    { Verdict: "bypassed", RuleId: "u1", GrantId: "" },
  ),
  one(
    "the rule of a request that had ended",
    { grants: [grant({ Until: at(5) })], rules: [rule()] },
    { Verdict: "bypassed", RuleId: "u1", GrantId: "g1", Flags: "late", Link: "correlation" },
  ),
  one(
    "a hand-made rule that comes before the request's own",
    { grants: [grant()], rules: [rule({ Priority: 101 }), handMade({ Priority: 100 })] },
    { Verdict: "bypassed", RuleId: "u9", Link: "inferred", GrantId: "" },
  ),
  one(
    "the rule of another request that had ended, before the request's own",
    {
      grants: [grant({ RuleTold: true }), grant({ ...second, ...bob, Until: at(5) })],
      rules: [rule({ Priority: 101 }), rule({ ...secondRule, Priority: 100 })],
    },
    { Verdict: "granted", GrantId: "g1", RuleId: "u1", Link: "ambiguous", Candidates: "grant:g1 rule:u2", Flags: "" },
  ),
  one(
    "the rule of another request that had ended, and a hand-made one, before the request's own",
    {
      placements: [...quiet.placements, { VmKey: web, Group: "subnet-nsg" }],
      grants: [grant({ RuleTold: true })],
      rules: [
        rule({ Priority: 101 }),
        rule({ ...secondRule, Priority: 100 }),
        handMade({ Group: "subnet-nsg", Scope: "subnet-nsg|*" }),
      ],
    },
    { Verdict: "bypassed", GrantId: "" },
  ),
  one(
    "a rule in the place of the request's own, which the log has",
    { grants: [grant({ RuleTold: true })], rules: [rule({ Until: at(5) }), handMade()] },
    { Verdict: "bypassed", RuleId: "u9", Link: "inferred", GrantId: "" },
  ),
  one(
    "Defender's rule that is wider than the request it was written for",
    { grants: [grant({ RuleTold: true })], rules: [rule({ SourceLo: 0, RequestId: "", Correlated: false })] },
    { Verdict: "bypassed", RuleId: "u1", Link: "inferred", GrantId: "" },
  ),
  one(
    "no rule in the place of the request's own, which the log has",
    { grants: [grant({ RuleTold: true })] },
    { Verdict: "granted", RuleId: "", Link: "inferred" },
  ),
  one(
    "a hand-made rule behind the request's own",
    { ...requested, rules: [rule(), handMade()] },
    { Verdict: "granted", RuleId: "u1" },
  ),
  one(
    "a hand-made rule behind one that denies",
    { rules: [handMade(), handMade({ RuleId: "d", Allows: false, Priority: 150 })] },
    { Verdict: "ungranted", RuleId: "" },
  ),
  one(
    "a hand-made rule in the flow log, although a request covers it",
    { ...requested, rules: [rule(), handMade()], flows: [flow({ Rule: "OpenSsh" })] },
    { Verdict: "bypassed", Link: "flow", RuleId: "u9", GrantId: "" },
  ),
  one(
    "a rule in the flow log that no other log has",
    { ...requested, flows: [flow({ Rule: "AllowVnetInBound" })] },
    { Verdict: "bypassed", Link: "flow", RuleId: "", RuleName: "AllowVnetInBound" },
  ),
  one(
    "the request's rule in the flow log, although a hand-made one comes before it",
    { ...requested, rules: [rule({ Priority: 101 }), handMade({ Priority: 100 })], flows: [flow()] },
    { Verdict: "granted", Link: "flow", RuleId: "u1" },
  ),
  one(
    "a rule whose content is not in the log",
    { rules: [handMade({ Known: false, Priority: 0 })] },
    { Verdict: "unknown", Link: "inferred", RuleId: "u9" },
  ),
  one(
    "a rule whose content is not in the log, and one that denies",
    { rules: [handMade({ Known: false, Priority: 0 }), denial()] },
    { Verdict: "unknown", Link: "inferred", RuleId: "u9" },
  ),
  one(
    "a rule whose content is not in the log, and a hand-made one",
    { rules: [handMade({ Known: false, Priority: 0 }), handMade({ RuleId: "u8" }), denial({ Priority: 300 })] },
    { Verdict: "bypassed", Link: "inferred", RuleId: "u8" },
  ),
  one(
    "a rule whose content is not in the log, and a hand-made one in another group",
    {
      placements: [...quiet.placements, { VmKey: web, Group: "subnet-nsg" }],
      rules: [
        handMade({ Known: false, Priority: 0 }),
        handMade({ RuleId: "u8", Group: "subnet-nsg", Scope: "subnet-nsg|*" }),
      ],
    },
    { Verdict: "bypassed", Link: "ambiguous", RuleId: "", Candidates: "rule:u8 rule:u9" },
  ),
  one(
    "a request's rule for another port, and a hand-made one",
    {
      grants: [grant(), grant({ GrantId: "g2", Port: 3389 })],
      rules: [rule({ PortLo: 3389, PortHi: 3389 }), handMade()],
    },
    { Verdict: "granted", Link: "ambiguous", GrantId: "g1", RuleId: "", Candidates: "grant:g1 rule:u9" },
  ),
  one(
    "a rule whose content is not in the log, and the request's own",
    { ...requested, rules: [rule(), handMade({ Known: false, Priority: 0 })] },
    { Verdict: "granted", Link: "correlation", RuleId: "u1" },
  ),
  one(
    "a rule whose content is not in the log, in the place of the request's own, which the log has",
    { grants: [grant({ RuleTold: true })], rules: [rule({ Until: at(5) }), handMade({ Known: false, Priority: 0 })] },
    { Verdict: "unknown", Link: "inferred", RuleId: "u9", GrantId: "" },
  ),
  one(
    "a rule for an application security group behind one that denies",
    { rules: [handMade({ Known: false }), denial()] },
    { Verdict: "ungranted", RuleId: "" },
  ),
  one(
    "a rule for an application security group before one that denies",
    { rules: [handMade({ Known: false }), denial({ Priority: 300 })] },
    { Verdict: "unknown", RuleId: "u9" },
  ),
  one(
    "a hand-made rule behind one that denies to an application security group",
    { rules: [handMade(), denial({ Known: false })] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a hand-made rule behind one that denies to a part of the host's subnet",
    { rules: [handMade(), denial({ SourceHi: ip("10.60.0.31") })] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a hand-made rule behind one that denies from the middle of the host's subnet on",
    { rules: [handMade(), denial({ SourceLo: ip("10.60.0.32") })] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a hand-made rule behind one that denies to some hosts where the session's is not known",
    { sessions: [session({ Bastion: "" })], rules: [handMade(), denial()] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a hand-made rule behind one that denies another port, where the session's is not known",
    { sessions: [session({ Protocol: "" })], rules: [handMade(), denial({ PortLo: 3389, PortHi: 3389 })] },
    { Verdict: "bypassed", RuleId: "u9", Port: 0 },
  ),
];

export const places: readonly Case[] = [
  one(
    "several Bastion hosts: each by its own range",
    { sessions: [session({ Bastion: branch })], grants: [grant(fromBranch)], rules: [rule(fromBranch)] },
    { Verdict: "granted" },
  ),
  one(
    "several Bastion hosts: a rule for another one",
    { ...requested, sessions: [session({ Bastion: branch })] },
    { Verdict: "ungranted" },
  ),
  one(
    "a host whose range is not known: any private address",
    { ...requested, sessions: [session({ Bastion: "/subscriptions/s1/x/new" })] },
    { Verdict: "granted" },
  ),
  one(
    "a host whose range is not known: no public address",
    {
      sessions: [session({ Bastion: "" })],
      rules: [handMade({ SourceLo: ip("203.0.113.7"), SourceHi: ip("203.0.113.7") })],
    },
    { Verdict: "ungranted" },
  ),
  one(
    "VNet peering: a rule for the whole virtual network",
    { rules: [handMade({ SourceLo: 0, SourceHi: 4_294_967_295 })] },
    {
      Verdict: "bypassed",
    },
  ),
  one(
    "scale-set instances: the one of the request",
    { sessions: [session({ Vm: instance(3) })], grants: [grant({ VmKey: instance(3).toLowerCase() })] },
    { Verdict: "granted" },
  ),
  one(
    "scale-set instances: another one",
    { sessions: [session({ Vm: instance(4) })], grants: [grant({ VmKey: instance(3).toLowerCase() })] },
    { Verdict: "ungranted" },
  ),
  one(
    "a VM that was made again under its name has another address",
    { ...requested, sessions: [session({ VmIp: "10.60.1.9" })] },
    { Verdict: "ungranted" },
  ),
  one(
    "an address that another VM has now",
    { ...requested, sessions: [session({ Vm: db, VmName: "db" })] },
    { Verdict: "ungranted", Flags: "no-jit" },
  ),
  one(
    "a VM whose group is not known: groups of its subscription",
    {
      sessions: [session({ Vm: db })],
      rules: [handMade({ Group: "g", Scope: "s1|*" }), handMade({ RuleId: "u7", Group: "h", Scope: "s2|*" })],
    },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a session that names only an address",
    { sessions: [session({ Vm: "" })], grants: [grant({ VmKey: "ip:10.60.1.4" })] },
    { Verdict: "granted" },
  ),
  one(
    "a session that names only an address, without a request",
    { sessions: [session({ Vm: "" })] },
    { Verdict: "unknown" },
  ),
  one(
    "a session without the VM's address: a rule for every address",
    { sessions: [session({ VmIp: "" })], rules: [handMade()] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a session without the VM's address: a rule for a range of them",
    {
      sessions: [session({ VmIp: "" })],
      rules: [handMade({ DestLo: ip("10.60.1.0"), DestHi: ip("10.60.1.255") })],
    },
    { Verdict: "unknown", RuleId: "u9" },
  ),
  one(
    "a session without the VM's address: the request's own rule for an address, and one for every address",
    { sessions: [session({ VmIp: "" })], grants: [grant({ RuleTold: true })], rules: [rule(), handMade()] },
    { Verdict: "unknown", Link: "inferred", RuleId: "u9", GrantId: "" },
  ),
  one(
    "a session without the VM's address: no rule",
    { sessions: [session({ VmIp: "" })] },
    { Verdict: "unknown", Link: "none" },
  ),
];

export const flows: readonly Case[] = [
  one("another source", { flows: [flow({ Source: ip("10.80.0.5") })] }, { Link: "none", Verdict: "ungranted" }),
  one("another VM", { flows: [flow({ VmIp: "10.60.1.5" })] }, { Link: "none" }),
  one("another usual port", { flows: [flow({ Port: 3389 })] }, { Link: "none" }),
  one("long before the session", { flows: [flow({ Start: at(7) })] }, { Link: "none" }),
  one("long after its start", { flows: [flow({ Start: at(13) })] }, { Link: "none" }),
  one("a minute apart, by its own clock", { ...requested, flows: [flow({ Start: at(11) })] }, { Link: "flow" }),
  one("summed to 10 minutes", { ...requested, flows: [flow({ Start: at(1), Interval: 600_000 })] }, { Link: "flow" }),
  one("without a source", { ...requested, flows: [flow({ Source: -1 })] }, { Link: "flow" }),
  one("refused", { flows: [flow({ Refused: true })] }, { Link: "none", Flags: "denied", Bytes: -1 }),
  one(
    "refused, and then admitted",
    { ...requested, flows: [flow(), flow({ FlowId: "f2", Refused: true, Rule: "DenyAll" })] },
    { Link: "flow", Verdict: "granted", Flags: "denied", Bytes: 4711 },
  ),
  one(
    "two of them by one rule",
    { ...requested, flows: [flow(), flow({ FlowId: "f2" })] },
    { Link: "flow", Verdict: "granted", Bytes: -1 },
  ),
  one(
    "two of them by two rules",
    {
      grants: [grant({ RuleTold: true })],
      rules: [rule(), handMade()],
      flows: [flow(), flow({ FlowId: "f2", Rule: "OpenSsh" })],
    },
    { Link: "ambiguous", Verdict: "granted", Candidates: "grant:g1 rule:u1 rule:u9" },
  ),
  one(
    "two of them by two rules that nobody requested, although a request covers it",
    { ...requested, flows: [flow({ Rule: "A" }), flow({ FlowId: "f2", Rule: "B" })] },
    { Link: "ambiguous", Verdict: "bypassed", GrantId: "" },
  ),
  one(
    "two of them by two rules that no other log has",
    { flows: [flow({ Rule: "A" }), flow({ FlowId: "f2", Rule: "B" })] },
    { Link: "ambiguous", Verdict: "bypassed", RuleId: "", Candidates: "" },
  ),
  one(
    "by a rule with a JIT name that no other log has, and a request without a rule",
    { grants: [grant()], flows: [flow()] },
    { Link: "inferred", Verdict: "granted", GrantId: "g1", RuleId: "", RuleName: rule().Name },
  ),
  one(
    "by a rule with the older JIT name that no other log has, and a request of somebody else without a rule",
    { grants: [grant(bob)], flows: [flow({ Rule: "securitycenter-JITRule-1-2" })] },
    { Link: "inferred", Verdict: "borrowed", GrantId: "g1" },
  ),
  one(
    "by a rule with a JIT name that no other log has, and two requests without rules",
    { grants: [grant(), grant({ ...second, From: at(5) })], flows: [flow()] },
    { Link: "ambiguous", Verdict: "granted", GrantId: "g2", Candidates: "grant:g1 grant:g2" },
  ),
  one(
    "by a rule with a JIT name that no other log has, and a request whose rule the log has",
    { grants: [grant({ RuleTold: true })], flows: [flow()] },
    { Link: "flow", Verdict: "bypassed", GrantId: "" },
  ),
  one(
    "by a rule with a JIT name of which the log has only the deletion, and a request without a rule",
    {
      grants: [grant()],
      rules: [rule({ RequestId: "", Correlated: false, Known: false, Priority: 0 })],
      flows: [flow()],
    },
    { Link: "ambiguous", Verdict: "granted", GrantId: "g1", RuleId: "u1", Candidates: "grant:g1 rule:u1" },
  ),
  one(
    "by Defender's rule that is wider than the request it was written for, and a request without a rule",
    { grants: [grant()], rules: [rule({ RequestId: "", Correlated: false, SourceLo: 0 })], flows: [flow()] },
    { Link: "flow", Verdict: "bypassed", GrantId: "", RuleId: "u1" },
  ),
  one(
    "by a rule with a JIT name that somebody wrote without its content, and a request without a rule",
    { grants: [grant()], rules: [handMade({ Name: rule().Name, Known: false, Priority: 0 })], flows: [flow()] },
    { Link: "flow", Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "by a rule with a JIT name that somebody wrote, and a request without a rule",
    { grants: [grant()], rules: [handMade({ Name: rule().Name })], flows: [flow()] },
    { Link: "flow", Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "by a rule with a JIT name that no other log has, without a request",
    { flows: [flow()] },
    { Link: "flow", Verdict: "bypassed", RuleName: rule().Name },
  ),
  one(
    "by a rule with another name that no other log has, and a request without a rule",
    { grants: [grant()], flows: [flow({ Rule: "OpenSsh" })] },
    { Link: "flow", Verdict: "bypassed" },
  ),
  one(
    "two of them, one by a rule with a JIT name that no other log has, and a request without a rule",
    { grants: [grant()], flows: [flow(), flow({ FlowId: "f2", Rule: "A" })] },
    { Link: "ambiguous", Verdict: "granted", GrantId: "g1" },
  ),
  one(
    "two of them, one by a rule that the log does not name",
    { ...requested, flows: [flow({ Rule: "A" }), flow({ FlowId: "f2", Rule: "" })] },
    { Link: "ambiguous", Verdict: "granted" },
  ),
  {
    name: "one for two sessions",
    rows: { ...requested, sessions: [session(), session({ Id: "s2", Start: at(11) })], flows: [flow()] },
    says: [
      { Link: "flow", Bytes: -1 },
      { Link: "flow", Bytes: -1 },
    ],
  },
  one(
    "a port of its own, which the flow log tells",
    { grants: [grant({ Port: 2222 })], rules: [rule(port2222)], flows: [flow({ Port: 2222 })] },
    { Verdict: "granted", Port: 2222, Link: "flow" },
  ),
  one(
    "a port of its own that no flow log tells, where nothing else was open",
    { grants: [grant({ Port: 2222 })], rules: [rule(port2222)] },
    { Verdict: "granted", Port: 22, RuleId: "u1", Link: "inferred" },
  ),
  one(
    "a port of its own that no flow log tells, where the usual one was open",
    { grants: [grant({ Port: 2222 })], rules: [rule(port2222), handMade()] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "the usual port in the flow log without a rule, and a request for another one",
    { grants: [grant({ Port: 2222 })], rules: [rule(port2222)], flows: [flow({ Rule: "" })] },
    { Verdict: "ungranted", Link: "none" },
  ),
  one(
    "the usual port in the flow log, and a request for another one",
    { grants: [grant({ Port: 2222 })], rules: [rule(port2222)], flows: [flow({ Rule: "OpenSsh" })] },
    { Verdict: "bypassed", Link: "flow" },
  ),
];

export const flagged: readonly Case[] = [
  one(
    "outlived: longer than its grant",
    { ...requested, sessions: [session({ Finish: at(70), Seen: at(70) })] },
    { Flags: "outlived" },
  ),
  one(
    "outlived: not by the clock's difference",
    { ...requested, sessions: [session({ Seen: at(61) })] },
    { Flags: "" },
  ),
  one(
    "outlived: by the audit log, although the connection ended before",
    { ...requested, sessions: [session({ Finish: at(70), Seen: at(70) })], flows: [flow()] },
    { Flags: "outlived", FlowFinish: at(19) },
  ),
  one(
    "outlived: by the flow log",
    { ...requested, flows: [flow({ Finish: at(70) })] },
    { Flags: "outlived", FlowFinish: at(70) },
  ),
  one("failed", { ...requested, sessions: [session({ Outcome: "failed" })] }, { Flags: "failed", Verdict: "granted" }),
  one("no-jit", { jitVms: [] }, { Flags: "no-jit", Verdict: "ungranted" }),
];

const unknown = { Verdict: "unknown", Incomplete: true, Unlogged: false };

export const gaps: readonly Case[] = [
  one("at the session", { gaps: [gap(9, 11)] }, unknown),
  one("of the VM's subscription", { logged: [{ Subscription: "s2" }] }, { ...unknown, Unlogged: true }),
  one(
    "of the time, and of the subscription of a VM that is not known",
    {
      ...{ logged: [{ Subscription: "s2" }], gaps: [gap(9, 11)] },
      sessions: [session({ Vm: "", Subscription: "" })],
    },
    unknown,
  ),
  one(
    "of another subscription",
    { logged: [{ Subscription: "s2" }, { Subscription: "S1" }] },
    { Verdict: "ungranted" },
  ),
  one("of subscriptions that the log does not name", { logged: [] }, { Verdict: "ungranted" }),
  one(
    "of the subscription of a VM that is not known",
    {
      ...{ logged: [{ Subscription: "s2" }], grants: [grant({ VmKey: "ip:10.60.1.4" })] },
      sessions: [session({ Vm: "", Subscription: "" })],
    },
    { Verdict: "granted", Incomplete: false },
  ),
  one("a day before", { gaps: [gap(-1430, -1420)] }, unknown),
  one("more than a day before", { gaps: [gap(-1500, -1440)] }, { Verdict: "ungranted", Incomplete: false }),
  one("after the session", { gaps: [gap(15, 30)] }, { Verdict: "ungranted", Incomplete: false }),
  one("before a request", { ...requested, gaps: [gap(-60, 0)] }, { Verdict: "granted", Incomplete: false }),
  one("between a request and its session", { ...requested, gaps: [gap(1, 5)] }, { ...unknown, GrantId: "g1" }),
  one(
    "between a request and its session that a flow shows",
    { ...requested, flows: [flow()], gaps: [gap(1, 5)] },
    {
      Verdict: "granted",
      Incomplete: false,
    },
  ),
  one("somebody else's request", { grants: [grant(bob)], rules: [rule()], gaps: [gap(-30, -20)] }, unknown),
  one(
    "somebody else's request that a flow shows",
    { grants: [grant(bob)], rules: [rule()], flows: [flow()], gaps: [gap(-30, -20)] },
    unknown,
  ),
  one("a hand-made rule", { rules: [handMade()], gaps: [gap(-30, -20)] }, unknown),
  one(
    "a hand-made rule that a flow shows",
    { rules: [handMade()], flows: [flow({ Rule: "OpenSsh" })], gaps: [gap(-30, -20)] },
    {
      Verdict: "bypassed",
      Incomplete: false,
    },
  ),
  one(
    "Defender's rule without its request that a flow shows",
    { rules: [rule()], flows: [flow()], gaps: [gap(-30, -20)] },
    unknown,
  ),
  one("an unknown rule that a flow shows", { flows: [flow({ Rule: "x" })], gaps: [gap(-30, -20)] }, unknown),
  one("what has not arrived yet, and a request", { ...requested, gaps: [gap(5, 9999, true)] }, { Verdict: "granted" }),
  one("what has not arrived yet, and no request", { gaps: [gap(5, 9999, true)] }, unknown),
  one("a log that was not read", { gaps: [{ From: 0, Until: 8.64e15, Tail: false }] }, unknown),
];

/** The parts of docs/trail.md, each with its sessions. */
export const caseGroups: Readonly<Record<string, readonly Case[]>> = {
  "links a session by": links,
  "says of the person": people,
  "takes no request and no rule of": conditions,
  "tells a way around a request:": bypasses,
  "tells places apart:": places,
  "reads the flow log:": flows,
  "sets the flag": flagged,
  "says that it is unknown where the activity log lacks a time:": gaps,
};

export const allCases: readonly Case[] = Object.values(caseGroups).flat();

/** A whole data set of a case. */
export function rowsOf({ rows }: Case): RelationRows {
  return { ...quiet, ...rows };
}

/** The facts that a case names, of what a join said; candidates in order, since a set has none. */
export function saidOf({ says }: Case, rows: readonly JoinedRow[]): Facts[] {
  return rows.map((row, index) =>
    Object.fromEntries(
      Object.keys(says[index] ?? row).map((column) => [
        column,
        column === "Candidates" ? sorted(row.Candidates) : row[column as keyof Facts],
      ]),
    ),
  );
}

function sorted(words: string): string {
  return words.split(" ").sort().join(" ");
}

/** Rows with their candidates in an order: a set has none. */
export function comparable(rows: readonly JoinedRow[]): JoinedRow[] {
  return rows.map((row) => ({ ...row, Candidates: sorted(row.Candidates) }));
}
