import { at, flow, session } from "../relationRows.ts";
import { type Case, one, requested } from "./case.ts";

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
