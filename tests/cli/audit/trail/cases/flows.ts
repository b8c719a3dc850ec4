import { at, flow, grant, handMade, ip, rule, session } from "../relationRows.ts";
import { type Case, bob, second, secondRule, port2222, one, requested } from "./case.ts";

export const flows: readonly Case[] = [
  one("another source", { flows: [flow({ Source: ip("10.80.0.5") })] }, { Link: "none", Verdict: "ungranted" }),
  one("another VM", { flows: [flow({ VmIp: "10.60.1.5" })] }, { Link: "none" }),
  one("another usual port", { flows: [flow({ Port: 3389 })] }, { Link: "none" }),
  one("long before the session", { flows: [flow({ Start: at(7) })] }, { Link: "none" }),
  one("long after its start", { flows: [flow({ Start: at(13) })] }, { Link: "none" }),
  one("a minute apart, by its own clock", { ...requested, flows: [flow({ Start: at(11) })] }, { Link: "flow" }),
  one("summed to 10 minutes", { ...requested, flows: [flow({ Start: at(1), Interval: 600_000 })] }, { Link: "flow" }),
  one(
    "summed up from a time after the session",
    { flows: [flow({ Start: at(15), Interval: 600_000 })] },
    { Link: "none", Verdict: "ungranted" },
  ),
  one("without a source", { ...requested, flows: [flow({ Source: -1 })] }, { Link: "flow" }),
  one("refused", { flows: [flow({ Refused: true })] }, { Link: "none", Flags: "denied", Bytes: -1 }),
  one(
    "refused at a port of its own",
    { flows: [flow({ Refused: true, Port: 2222 })] },
    { Link: "none", Verdict: "ungranted", Flags: "denied" },
  ),
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
    "two of them, one by a rule that nobody requested",
    {
      grants: [grant({ RuleTold: true })],
      rules: [rule(), handMade()],
      flows: [flow(), flow({ FlowId: "f2", Rule: "OpenSsh" })],
    },
    { Link: "ambiguous", Verdict: "unknown", GrantId: "", RuleId: "", Candidates: "grant:g1 rule:u1 rule:u9" },
  ),
  one(
    "two of them by two rules that nobody requested, although a request covers it",
    { ...requested, flows: [flow({ Rule: "A" }), flow({ FlowId: "f2", Rule: "B" })] },
    { Link: "ambiguous", Verdict: "bypassed", GrantId: "", RuleId: "" },
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
    { Link: "ambiguous", Verdict: "unknown", GrantId: "" },
  ),
  one(
    "two of them by two rules with JIT names that no other log has, and a request without a rule",
    { grants: [grant()], flows: [flow(), flow({ FlowId: "f2", Rule: secondRule.Name })] },
    { Link: "ambiguous", Verdict: "granted", GrantId: "g1" },
  ),
  one(
    "two of them, one by a rule that nobody requested, and one by a rule that the log does not name",
    { ...requested, flows: [flow({ Rule: "A" }), flow({ FlowId: "f2", Rule: "" })] },
    { Link: "ambiguous", Verdict: "unknown" },
  ),
  one(
    "two of them, one by the request's rule, and one by a rule that the log does not name",
    { ...requested, flows: [flow(), flow({ FlowId: "f2", Rule: "" })] },
    { Link: "ambiguous", Verdict: "granted", GrantId: "g1", RuleId: "u1" },
  ),
  one(
    "two of them by two rules that nobody requested, after a request had ended whose rule is still there",
    {
      grants: [grant({ Until: at(5) })],
      rules: [rule()],
      flows: [flow({ Rule: "A" }), flow({ FlowId: "f2", Rule: "B" })],
    },
    { Link: "ambiguous", Verdict: "bypassed", Flags: "", GrantId: "", RuleId: "", Candidates: "rule:u1" },
  ),
  {
    name: "two for two people's sessions, one by a rule that nobody requested",
    rows: {
      sessions: [session({ Start: at(9) }), session({ Id: "s2", Person: "eve@example.com" })],
      grants: [grant({ RuleTold: true })],
      rules: [rule(), handMade()],
      flows: [flow({ Start: at(9) }), flow({ FlowId: "f2", Rule: "OpenSsh" })],
    },
    says: [
      { Link: "ambiguous", Verdict: "unknown", GrantId: "" },
      { Link: "ambiguous", Verdict: "unknown", GrantId: "" },
    ],
  },
  {
    name: "two for two people's sessions by the rules of two requests, of which one replaced the other",
    rows: {
      sessions: [session({ Start: at(9), Person: "bob@example.com" }), session({ Id: "s2" })],
      grants: [grant({ ...second, ...bob, Until: at(9.5) }), grant({ From: at(9.5) })],
      rules: [rule({ ...secondRule, Until: at(9.5) }), rule({ From: at(9.5) })],
      flows: [flow({ Start: at(9), Rule: secondRule.Name }), flow({ FlowId: "f2" })],
    },
    says: [
      { Link: "ambiguous", Verdict: "granted", GrantId: "g2" },
      { Link: "ambiguous", Verdict: "granted", GrantId: "g1" },
    ],
  },
  {
    name: "one for two sessions",
    rows: { ...requested, sessions: [session(), session({ Id: "s2", Start: at(11) })], flows: [flow()] },
    says: [
      { Link: "flow", Bytes: -1 },
      { Link: "flow", Bytes: -1 },
    ],
  },
  {
    name: "one for two sessions, by a rule that nobody requested, which did not come first",
    rows: {
      sessions: [session({ Start: at(9), Person: "eve@example.com" }), session({ Id: "s2" })],
      grants: [grant({ From: at(9.5), RuleTold: true })],
      rules: [rule({ From: at(9.5) }), handMade()],
      flows: [flow({ Start: at(9), Rule: "OpenSsh" })],
    },
    says: [
      { Link: "flow", Verdict: "bypassed", RuleId: "u9" },
      { Link: "ambiguous", Verdict: "unknown", GrantId: "", RuleId: "", Candidates: "grant:g1 rule:u1 rule:u9" },
    ],
  },
  {
    name: "one for two sessions, by a rule that nobody requested and no other log has",
    rows: {
      sessions: [session(), session({ Id: "s2", Start: at(11) })],
      grants: [grant()],
      flows: [flow({ Rule: "OpenSsh" })],
    },
    says: [
      { Link: "ambiguous", Verdict: "unknown", RuleId: "", RuleName: "", Candidates: "grant:g1" },
      { Link: "ambiguous", Verdict: "unknown", RuleId: "", RuleName: "", Candidates: "grant:g1" },
    ],
  },
  {
    name: "one for two sessions, by a rule that nobody requested, without a request",
    rows: { sessions: [session(), session({ Id: "s2", Start: at(11) })], flows: [flow({ Rule: "OpenSsh" })] },
    says: [
      { Link: "flow", Verdict: "bypassed", RuleName: "OpenSsh" },
      { Link: "flow", Verdict: "bypassed", RuleName: "OpenSsh" },
    ],
  },
  {
    name: "one for two sessions, by the rule of a request that began after one of them",
    rows: {
      sessions: [session({ Start: at(9), Person: "eve@example.com" }), session({ Id: "s2" })],
      grants: [grant({ From: at(9.5), RuleTold: true })],
      rules: [rule({ From: at(9.5) }), handMade()],
      flows: [flow()],
    },
    says: [
      { Link: "ambiguous", Verdict: "unknown", GrantId: "", RuleId: "", Candidates: "grant:g1 rule:u1 rule:u9" },
      { Link: "flow", Verdict: "granted", GrantId: "g1" },
    ],
  },
  {
    name: "a row of sums for two sessions, by a rule that nobody requested",
    rows: {
      ...{ ...requested, sessions: [session(), session({ Id: "s2", Start: at(11) })] },
      flows: [flow({ Rule: "OpenSsh", Interval: 600_000, Finish: 0, Bytes: -1 })],
    },
    says: [
      { Link: "flow", Verdict: "bypassed" },
      { Link: "flow", Verdict: "bypassed" },
    ],
  },
  {
    name: "two of them, to the usual port and to another one, for two sessions",
    rows: {
      sessions: [session(), session({ Id: "s2", Start: at(11), Person: "bob@example.com" })],
      grants: [grant(), grant({ ...second, ...bob, Port: 2222 })],
      rules: [rule(), rule({ ...secondRule, ...port2222 })],
      flows: [flow(), flow({ FlowId: "f2", Start: at(11), Port: 2222, Rule: secondRule.Name })],
    },
    says: [
      { Link: "ambiguous", Verdict: "unknown", Candidates: "grant:g1 rule:u1 rule:u2" },
      { Link: "ambiguous", Verdict: "unknown", Candidates: "grant:g1 rule:u1 rule:u2" },
    ],
  },
  one(
    "two of them, to the usual port and to another one, for one session",
    { ...requested, flows: [flow(), flow({ FlowId: "f2", Port: 2222, Rule: "OpenSsh" })] },
    { Link: "flow", Verdict: "granted", RuleId: "u1", Port: 22 },
  ),
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
  one(
    "by the rule of a request that replaced another one just after the session",
    {
      grants: [grant({ ...second, ...bob, Until: at(11) }), grant({ From: at(11) })],
      rules: [rule({ ...secondRule, Until: at(11) }), rule({ From: at(11) })],
      flows: [flow({ Start: at(11) })],
    },
    { Link: "flow", Verdict: "granted", GrantId: "g1", RuleId: "u1" },
  ),
  one(
    "by the rule of somebody else's request that replaced the own one just after the session",
    {
      grants: [grant({ Until: at(11) }), grant({ ...second, ...bob, From: at(11) })],
      rules: [rule({ Until: at(11) }), rule({ ...secondRule, From: at(11) })],
      flows: [flow({ Start: at(11), Rule: secondRule.Name })],
    },
    { Link: "flow", Verdict: "granted", GrantId: "g1", RuleId: "u2" },
  ),
  one(
    "by the request's rule just after the session, which somebody edited soon after that",
    {
      grants: [grant({ From: at(11), RuleTold: true })],
      rules: [
        rule({ From: at(11), Until: at(11.5) }),
        rule({ RuleId: "u9", ByDefender: false, RequestId: "", From: at(11.5), PortHi: 65_535 }),
      ],
      flows: [flow()],
    },
    { Link: "flow", Verdict: "granted", RuleId: "u1" },
  ),
  one(
    "by a rule that somebody wrote in the place of the request's just before the session",
    {
      grants: [grant({ RuleTold: true })],
      rules: [
        rule({ Until: at(5) }),
        rule({ RuleId: "u9", ByDefender: false, RequestId: "", From: at(9), Until: at(9.5) }),
      ],
      flows: [flow()],
    },
    { Link: "flow", Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "by a rule of the request that was gone long before the session",
    { grants: [grant({ RuleTold: true })], rules: [rule({ From: at(-60), Until: at(-30) })], flows: [flow()] },
    { Link: "flow", Verdict: "bypassed", RuleId: "", RuleName: rule().Name },
  ),
  one(
    "by a rule of the request that came long after the session",
    { grants: [grant({ RuleTold: true })], rules: [rule({ From: at(30) })], flows: [flow()] },
    { Link: "flow", Verdict: "bypassed", RuleId: "", RuleName: rule().Name },
  ),
];
