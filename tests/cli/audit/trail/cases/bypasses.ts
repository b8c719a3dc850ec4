import { at, flow, grant, handMade, quiet, rule, session, web } from "../relationRows.ts";
import { type Case, bob, second, secondRule, revoked, denial, one, port2222, requested } from "./case.ts";

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
    {
      Verdict: "unknown",
      Link: "ambiguous",
      GrantId: "",
      RuleId: "",
      Candidates: "grant:g1",
      Doubted: false,
      Shut: true,
    },
  ),
  one(
    "the request's own rule behind one that denies",
    { grants: [grant({ RuleTold: true })], rules: [rule(), denial({ Priority: 90 })] },
    { Verdict: "unknown", Link: "ambiguous", GrantId: "", RuleId: "", Candidates: "grant:g1", Shut: true },
  ),
  one(
    "a request whose rule is not in the log, and one that denies",
    { grants: [grant()], rules: [denial({ Priority: 90 })] },
    { Verdict: "granted", Link: "inferred", GrantId: "g1", Shut: false },
  ),
  one(
    "a request whose own rule no longer lets it in, and its rule in the flow log",
    { grants: [grant({ RuleTold: true })], rules: [rule(), denial({ Priority: 90 })], flows: [flow()] },
    { Verdict: "granted", Link: "flow", GrantId: "g1", RuleId: "u1", Shut: false },
  ),
  one(
    "two requests whose own rules no longer let it in, and both rules in the flow log",
    {
      grants: [grant({ RuleTold: true }), grant({ ...second, RuleTold: true })],
      rules: [rule(), rule(secondRule), denial({ Priority: 90 })],
      flows: [flow(), flow({ FlowId: "f2", Rule: secondRule.Name })],
    },
    { Verdict: "granted", Link: "ambiguous", Shut: false },
  ),
  one(
    "a request for another port than the usual one, which nothing else opens",
    { grants: [grant({ Port: 2222, RuleTold: true })], rules: [rule(port2222)] },
    { Verdict: "granted", Link: "inferred", GrantId: "g1", RuleId: "u1", Shut: false },
  ),
  one(
    "a hand-made rule, perhaps, after somebody deleted a rule that may have been the request's",
    { grants: [grant({ DoubtedFrom: at(5) })], rules: [handMade()] },
    { Verdict: "unknown", Link: "ambiguous", GrantId: "", RuleId: "u9", Candidates: "grant:g1 rule:u9", Doubted: true },
  ),
  one(
    "no rule after somebody deleted one that may have been the request's",
    { grants: [grant({ DoubtedFrom: at(5) })] },
    { Verdict: "unknown", Link: "ambiguous", GrantId: "", RuleId: "", Candidates: "grant:g1", Doubted: true },
  ),
  one(
    "a request, and that somebody deleted a rule after the session",
    { grants: [grant({ DoubtedFrom: at(11) })] },
    { Verdict: "granted", Link: "inferred", GrantId: "g1", Doubted: false },
  ),
  one(
    "a rule with a JIT name in the flow log, after somebody deleted another one",
    { grants: [grant({ DoubtedFrom: at(5) })], flows: [flow()] },
    { Verdict: "granted", Link: "inferred", GrantId: "g1", Doubted: false },
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
    "the rule of an earlier request in the flow log, which may have been written again for a request whose rule no log has",
    { grants: [grant({ ...bob, Until: at(5) }), grant({ ...second, From: at(5) })], rules: [rule()], flows: [flow()] },
    { Verdict: "granted", Link: "ambiguous", GrantId: "g2", RuleId: "u1", Candidates: "grant:g2 rule:u1", Flags: "" },
  ),
  one(
    "the rule of an earlier request in the flow log, although a request has a rule of its own",
    {
      grants: [grant({ ...bob, Until: at(5) }), grant({ ...second, From: at(5), RuleTold: true })],
      rules: [rule(), rule(secondRule)],
      flows: [flow()],
    },
    { Verdict: "bypassed", Link: "flow", GrantId: "g1", RuleId: "u1", Flags: "late" },
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
    "a hand-made rule beside the request's own, whose content is not in the log",
    { ...requested, rules: [rule({ Known: false, Priority: 0 }), handMade()] },
    { Verdict: "granted", Link: "ambiguous", GrantId: "g1", RuleId: "u1", Candidates: "grant:g1 rule:u9" },
  ),
  one(
    "a hand-made rule beside the request's own, whose content only a later event shows",
    {
      grants: [grant({ RuleTold: true })],
      rules: [rule({ Known: false, Priority: 0, Until: at(30) }), rule({ RuleId: "u2", From: at(30) }), handMade()],
    },
    { Verdict: "granted", Link: "ambiguous", GrantId: "g1", RuleId: "u1", Candidates: "grant:g1 rule:u9" },
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
    "a hand-made rule behind one that denies another port, where the session's is not known",
    { sessions: [session({ Protocol: "" })], rules: [handMade(), denial({ PortLo: 3389, PortHi: 3389 })] },
    { Verdict: "bypassed", RuleId: "u9", Port: 0 },
  ),
];
