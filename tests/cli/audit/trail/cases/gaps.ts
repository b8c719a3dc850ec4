import { flow, grant, handMade, rule, session } from "../relationRows.ts";
import { type Case, bob, gap, one, requested } from "./case.ts";

const unknown = { Verdict: "unknown", Incomplete: true, Unlogged: false };

export const gaps: readonly Case[] = [
  one("at the session", { gaps: [gap(9, 11)] }, unknown),
  one("at the session, of its subscription", { gaps: [{ ...gap(9, 11), Subscription: "S1" }] }, unknown),
  one(
    "at the session, of another subscription",
    { gaps: [{ ...gap(9, 11), Subscription: "s2" }] },
    { Verdict: "ungranted" },
  ),
  one(
    "at the session, of a subscription that may be that of the VM",
    { gaps: [{ ...gap(9, 11), Subscription: "s2" }], sessions: [session({ Vm: "", Subscription: "" })] },
    unknown,
  ),
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
  one(
    "Defender's rule that may be the request's, of which the log has only the deletion, and that a flow shows",
    {
      grants: [grant()],
      rules: [rule({ RequestId: "", Correlated: false, Known: false, Priority: 0 })],
      ...{ flows: [flow()], gaps: [gap(1, 5)] },
    },
    unknown,
  ),
  one("an unknown rule that a flow shows", { flows: [flow({ Rule: "x" })], gaps: [gap(-30, -20)] }, unknown),
  one("what has not arrived yet, and a request", { ...requested, gaps: [gap(5, 9999, true)] }, { Verdict: "granted" }),
  one("what has not arrived yet, and no request", { gaps: [gap(5, 9999, true)] }, unknown),
  one("a log that was not read", { gaps: [{ From: 0, Until: 8.64e15, Subscription: "", Tail: false }] }, unknown),
];
