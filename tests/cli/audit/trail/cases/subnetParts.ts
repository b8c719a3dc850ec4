import { flow, grant, handMade, hub, ip, quiet, rule, session, web } from "../relationRows.ts";
import { type Case, second, secondRule, denial, one, requested } from "./case.ts";

const lower = { SourceHi: ip("10.60.0.31") };
const upper = { SourceLo: ip("10.60.0.32") };
/** The host's subnet in the parts that these ranges make of it. */
const halves = [
  { Bastion: hub, Lo: ip("10.60.0.0"), Hi: lower.SourceHi },
  { Bastion: hub, Lo: upper.SourceLo, Hi: ip("10.60.0.63") },
];
/** Where a host may be that is not known. */
const networks = [
  { Bastion: "", Lo: ip("10.0.0.0"), Hi: ip("10.255.255.255") },
  { Bastion: "", Lo: ip("172.16.0.0"), Hi: ip("172.31.255.255") },
];
const everywhere = { SourceLo: 0, SourceHi: ip("255.255.255.255") };

/** Rules for a part of the addresses that a host may have. */
export const subnetParts: readonly Case[] = [
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
    "a hand-made rule behind two that deny to the host's subnet together",
    { hosts: halves, rules: [handMade(), denial(lower), denial({ ...upper, RuleId: "d2", Priority: 151 })] },
    { Verdict: "ungranted", RuleId: "" },
  ),
  one(
    "a hand-made rule between two that deny to the host's subnet together",
    { hosts: halves, rules: [handMade(), denial(lower), denial({ ...upper, RuleId: "d2", Priority: 300 })] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a hand-made rule behind two that deny to the same part of the host's subnet",
    { hosts: halves, rules: [handMade(), denial(lower), denial({ ...lower, RuleId: "d2", Priority: 151 })] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a hand-made rule for a part of the host's subnet before the request's own",
    { hosts: halves, grants: [grant({ RuleTold: true })], rules: [rule(), handMade({ ...lower, Priority: 90 })] },
    { Verdict: "unknown", Link: "ambiguous", GrantId: "", RuleId: "", Candidates: "grant:g1 rule:u1 rule:u9" },
  ),
  one(
    "a hand-made rule behind the request's own, which is for a part of the host's subnet",
    { hosts: halves, grants: [grant(lower)], rules: [rule(lower), handMade()] },
    { Verdict: "unknown", Link: "ambiguous", GrantId: "", RuleId: "", Candidates: "grant:g1 rule:u1 rule:u9" },
  ),
  one(
    "a hand-made rule for a part of the host's subnet behind the request's own",
    { ...requested, hosts: halves, rules: [rule(), handMade(lower)] },
    { Verdict: "granted", Link: "correlation", RuleId: "u1" },
  ),
  one(
    "a hand-made rule for a part of the host's subnet, and the request's own in another group",
    {
      hosts: halves,
      placements: [...quiet.placements, { VmKey: web, Group: "subnet-nsg" }],
      grants: [grant()],
      rules: [rule(), handMade({ ...lower, Group: "subnet-nsg", Scope: "subnet-nsg|*" })],
    },
    { Verdict: "granted", Link: "correlation", RuleId: "u1" },
  ),
  one(
    "hand-made rules for the parts of the host's subnet",
    { hosts: halves, rules: [handMade(lower), handMade({ ...upper, RuleId: "u8" })] },
    { Verdict: "bypassed", Link: "ambiguous", RuleId: "", Candidates: "rule:u8 rule:u9" },
  ),
  one(
    "the request's rule in the flow log, although a hand-made one for a part of the host's subnet comes before it",
    {
      hosts: halves,
      grants: [grant({ RuleTold: true })],
      rules: [rule(), handMade({ ...lower, Priority: 90 })],
      flows: [flow()],
    },
    { Verdict: "granted", Link: "flow", GrantId: "g1", RuleId: "u1" },
  ),
  one(
    "the rules of two requests in the flow log, although a hand-made one for a part of the host's subnet comes before them",
    {
      hosts: halves,
      grants: [grant(), grant(second)],
      rules: [rule(), rule(secondRule), handMade({ ...lower, Priority: 90 })],
      flows: [flow(), flow({ FlowId: "f2", Rule: secondRule.Name })],
    },
    { Verdict: "granted", Link: "ambiguous" },
  ),
  one(
    "a hand-made rule for everything behind the request's own, where the session's host is not known",
    { ...requested, hosts: networks, rules: [rule(), handMade(everywhere)] },
    { Verdict: "granted", Link: "correlation", RuleId: "u1" },
  ),
  ...networks.map(({ Lo, Hi }, index) =>
    one(
      `a hand-made rule behind one that denies to the ${index === 0 ? "first" : "last"} of the networks where the session's host may be`,
      { hosts: networks, rules: [handMade(everywhere), denial({ SourceLo: Lo, SourceHi: Hi })] },
      { Verdict: "bypassed", RuleId: "u9" },
    ),
  ),
];
