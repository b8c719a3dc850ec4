import { defineCommand } from "../../command.ts";
import { docs } from "../../documentation.ts";
import { trailOptions } from "./options.ts";

export const trail = defineCommand({
  name: "trail",
  summary: "Show every session with its JIT request and the rule that let it in.",
  details:
    "Each row is one session. VERDICT shows whether it was requested: granted (by the same person), unverified (the log " +
    "does not name the person), borrowed (by somebody else), bypassed (let in by a rule that nobody requested), ungranted " +
    "(no request and no rule), unknown (a log that the verdict needs was not read or has a gap, or several rules may have " +
    "let it in). LINK shows what the verdict rests on: flow, correlation, inferred, ambiguous, none. More: " +
    docs("trail.md"),
  operands: [
    { name: "action", description: "show: all of one session, with every record behind it", choices: ["show"] },
    {
      name: "session",
      description: "id of the session or its tunnel, the beginning of one, or latest",
      completes: "session",
    },
  ],
  options: trailOptions,
  examples: [
    ["trail --since 24h", "Sessions of the last day with their requests"],
    ["trail --since 24h --fail-on ungranted,bypassed,borrowed --accept accepted.yaml", "For a nightly job"],
    ["trail --at 2026-05-04T10:00Z", "Who was connected at that moment"],
    ["trail show latest", "The latest session, with the records that its verdict rests on"],
    ["trail --source ./logs --json", "Downloaded logs, without Azure: audit log, activity log, flow logs"],
    ["trail --verdict bypassed,borrowed --markdown >> $GITHUB_STEP_SUMMARY", "Findings in the summary of a CI job"],
    ["trail --from 2026-01-01 --to 2026-04-01 --csv > quarter.csv", "A quarter for a spreadsheet"],
  ],
  load: async () => (await import("./runTrail.ts")).runTrail,
});
