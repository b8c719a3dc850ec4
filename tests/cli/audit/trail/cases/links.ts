import { at, flow, grant, handMade, quiet, rule, web } from "../relationRows.ts";
import { type Case, bob, second, secondRule, one, requested } from "./case.ts";

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
