import { activityDays } from "../../azure/activityEvents.ts";
import { defineCommand } from "../../command.ts";
import { activityOptions } from "./options.ts";

export const activity = defineCommand({
  name: "activity",
  summary: "Show JIT requests and changes of security rules, from the activity log.",
  details:
    "Each row is one request or one change, put together from its events. BY shows who changed a rule: jit (Defender for " +
    "Cloud), stack (a write of exactly what a deployment of this project writes), outside (anybody else), unclear " +
    `(anybody else, under the correlation id of a request). Azure keeps the log for ${activityDays} days; the workspace and the ` +
    "archive have the events that were exported to them.",
  options: activityOptions,
  examples: [
    ["activity --since 7d", "A week of requests, with the rules that were written for them"],
    ["activity --only outside --since 30d", "What was opened outside JIT"],
    ["activity --opens 22 --vm web", "What opened port 22 of one VM"],
    ["activity --user ada@example.com --vm web --json", "One person and one VM, for a script"],
    [
      "activity --source archive --from 2026-01-01 --to 2026-02-01 --csv > january.csv",
      "A month that Azure no longer has",
    ],
    ["activity --source ./blobs --strict", "Downloaded blobs, without Azure; exit code 2 if one is damaged"],
  ],
  load: async () => (await import("./runActivity.ts")).runActivity,
});
