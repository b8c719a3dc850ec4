import { defineCommand } from "../command.ts";
import {
  cacheOptions,
  duration,
  flag,
  formatOptions,
  lateOption,
  moment,
  OptionError,
  settingsFor,
  text,
  wholeNumber,
  type OptionSpec,
} from "../options.ts";

/** What `--only` keeps. */
export const activityKinds = ["requests", "rules", "outside", "policies"] as const;
export type ActivityKindName = (typeof activityKinds)[number];

const only: OptionSpec<ActivityKindName | undefined> = {
  flags: "--only <what>",
  description: `one kind: ${activityKinds.join(", ")} (outside: rules that open something outside JIT; policies: JIT policies)`,
  suggestions: activityKinds,
  parse: (given) => {
    // The name of an earlier version.
    const wanted = given === "hand" ? "outside" : given;
    const known = activityKinds.find((kind) => kind === wanted);
    if (known === undefined) throw new OptionError(`Give one of ${activityKinds.join(", ")}.`);
    return known;
  },
};

export const activityOptions = {
  since: duration("--since <length>", "what started in the last 90m, 24h, 7d (default: 24h; a folder: all)"),
  from: moment("--from <time>", "what started at or after this time"),
  to: moment("--to <time>", "what started before this time"),
  user: text(
    "--user <name>",
    "what this person or application did, and the rules of their requests: account, name or id",
  ),
  vm: text("--vm <name>", "requests for this VM and changes of rules that apply to it: name or ARM id", {
    completes: "vm",
  }),
  opens: wholeNumber("--opens <port>", "what opens this port, or may open it", [0, 65_535]),
  only,
  source: text("--source <source>", "api, workspace, archive, or a folder or file with log records (default: api)", {
    suggestions: ["api", "workspace", "archive"],
    completes: "folder",
  }),
  late: lateOption,
  strict: flag("--strict", "end with exit code 2 instead of 1 if any event cannot be read"),
  ...formatOptions,
  ...cacheOptions,
  ...settingsFor("subscription", "archive", "workspace"),
} as const;

export const activity = defineCommand({
  name: "activity",
  summary: "Show JIT requests and changes of security rules, from the activity log.",
  details:
    "One row is one request or one change, put together from its events. BY says who changed rules: jit, Defender for Cloud; " +
    "stack, somebody who wrote exactly what a deployment of this project writes; outside, anybody else; unclear, anybody else " +
    "under the correlation id of a request. Azure keeps the log for 90 days; the workspace and the archive have what was " +
    "exported to them.",
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
  load: async () => (await import("../activity/runActivity.ts")).runActivity,
});
