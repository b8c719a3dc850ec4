import { defineCommand } from "../command.ts";
import { cacheOptions, choice, duration, flag, formatOptions, moment, settingsFor, text } from "../options.ts";

export const activityOptions = {
  since: duration("--since <length>", "what began in the last 90m, 24h, 7d (default: 24h; a folder: all)"),
  from: moment("--from <time>", "what began at this time or later"),
  to: moment("--to <time>", "what began before this time"),
  user: text("--user <name>", "whoever did it, or made the request that a rule belongs to: account, id or name"),
  vm: text("--vm <name>", "requests for this VM, by name or ARM id, and every rule that may concern it"),
  only: choice("--only <what>", "JIT requests, writes of rules, those of them not by JIT, writes of JIT policies", [
    "requests",
    "rules",
    "hand",
    "policies",
  ]),
  source: text("--source <source>", "api, workspace, archive, or a folder of downloaded blobs (default: api)", {
    suggestions: ["api", "workspace", "archive"],
    completes: "folder",
  }),
  strict: flag("--strict", "end with exit code 2 if any event cannot be read"),
  ...formatOptions,
  ...cacheOptions,
  ...settingsFor("subscription", "archive", "workspace"),
} as const;

export const activity = defineCommand({
  name: "activity",
  summary: "Show JIT requests and the changes of security rules around them, from the activity log.",
  details:
    "The events of one request are one row, and so are those of one write. Who changed rules: jit, Defender for Cloud for a " +
    "request; hand, anybody else, which is what to look at where it opens a port; unclear, anybody else under a request's " +
    "correlation id. Azure itself keeps the log for 90 days; the workspace and the archive have what was exported to them.",
  options: activityOptions,
  examples: [
    ["activity --since 7d", "A week of requests, with the rules that were written for them"],
    ["activity --only hand --since 30d", "Rules that were changed past JIT"],
    ["activity --user ada@example.com --vm web --json", "One person and one VM, for a script"],
    [
      "activity --source archive --from 2026-01-01 --to 2026-02-01 --csv > january.csv",
      "A month that Azure has dropped",
    ],
    ["activity --source ./blobs --strict", "Downloaded blobs, without Azure; exit code 2 if one is damaged"],
  ],
  load: async () => (await import("../activity/runActivity.ts")).runActivity,
});
