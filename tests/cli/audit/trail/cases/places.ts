import { branch, db, grant, handMade, ip, rule, session } from "../relationRows.ts";
import { type Case, fromBranch, instance, one, requested } from "./case.ts";

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
    "a session without the VM's address: the request's own rule for an address",
    { sessions: [session({ VmIp: "" })], grants: [grant({ RuleTold: true })], rules: [rule()] },
    { Verdict: "granted", Link: "correlation", RuleId: "u1" },
  ),
  one(
    "a session without the VM's address: a rule of Defender's for an address that is wider than its request",
    { sessions: [session({ VmIp: "" })], grants: [grant({ RuleTold: true })], rules: [rule({ RequestId: "" })] },
    { Verdict: "unknown", Link: "inferred", RuleId: "u1", GrantId: "" },
  ),
  one(
    "a session without the VM's address: a rule for an address in another group",
    {
      sessions: [session({ VmIp: "" })],
      rules: [rule({ RequestId: "", Group: "db-nsg", Scope: "db-nsg|10.60.1.4" })],
    },
    { Verdict: "unknown", Link: "none" },
  ),
  one(
    "a session without the VM's address: no rule",
    { sessions: [session({ VmIp: "" })] },
    { Verdict: "unknown", Link: "none" },
  ),
];
