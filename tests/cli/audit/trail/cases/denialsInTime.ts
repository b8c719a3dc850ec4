import { at, grant, handMade, rule } from "../relationRows.ts";
import { type Case, denial, one } from "./case.ts";

const port3389 = { PortLo: 3389, PortHi: 3389 };

/** A hand-made rule, and one that denies that came or went near the session's start. */
export const denialsInTime: readonly Case[] = [
  one(
    "a hand-made rule that had ended before one came that denies, within the skew",
    { rules: [handMade({ Until: at(9) }), denial({ From: at(11) })] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a hand-made rule before which one came that denies, within the skew",
    { rules: [handMade(), denial({ From: at(9) })] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a hand-made rule behind one that denies and was written again, within the skew",
    { rules: [handMade(), denial({ Until: at(9) }), denial({ RuleId: "d2", From: at(9) })] },
    { Verdict: "ungranted", RuleId: "" },
  ),
  one(
    "a hand-made rule behind one that denies and was away for a moment, within the skew",
    { rules: [handMade(), denial({ Until: at(8.5) }), denial({ RuleId: "d2", From: at(9) })] },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
  one(
    "a hand-made rule behind one that denies until it had ended, within the skew",
    { rules: [handMade({ From: at(8.5), Until: at(9) }), denial({ Until: at(9.5) })] },
    { Verdict: "ungranted", RuleId: "" },
  ),
  one(
    "a hand-made rule before which one came that denies, long before the session, while another rule ended just before",
    {
      rules: [handMade(), denial({ From: at(5) }), denial({ RuleId: "d2", ...port3389, From: at(1), Until: at(9) })],
    },
    { Verdict: "ungranted", RuleId: "" },
  ),
  one(
    "a hand-made rule behind one that denies, until long after the session, while another rule came just before",
    {
      rules: [handMade(), denial({ Until: at(29) }), denial({ RuleId: "d2", ...port3389, From: at(9), Until: at(30) })],
    },
    { Verdict: "ungranted", RuleId: "" },
  ),
  one(
    "a hand-made rule to which another one that denies came just at the skew",
    { rules: [handMade(), denial({ From: at(8) })] },
    { Verdict: "ungranted", RuleId: "" },
  ),
  one(
    "a request after the session, and a hand-made rule before which one came that denies, within the skew",
    {
      grants: [grant({ From: at(11) })],
      rules: [rule({ From: at(11) }), handMade(), denial({ From: at(9), Priority: 90 })],
    },
    { Verdict: "bypassed", RuleId: "u9" },
  ),
];
