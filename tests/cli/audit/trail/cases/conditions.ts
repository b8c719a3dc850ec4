import { at, db, flow, grant, handMade, ip, rule, session } from "../relationRows.ts";
import { type Case, fromBranch, one, requested } from "./case.ts";

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
