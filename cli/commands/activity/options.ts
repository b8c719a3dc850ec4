import {
  cacheOptions,
  duration,
  flag,
  formatOptions,
  lateOption,
  moment,
  oneOf,
  settingsFor,
  text,
  vmText,
  wholeNumber,
  type OptionSpec,
} from "../../options.ts";
import { defaultActivitySource } from "../../sources/sourceFlags.ts";
import { durationText } from "../../time.ts";
import { usualRangeMs } from "../../timeRange.ts";

/** Values of `--only`. */
const activityKinds = ["requests", "rules", "outside", "policies"] as const;

export type ActivityKindName = (typeof activityKinds)[number];

const only: OptionSpec<ActivityKindName | undefined> = {
  flags: "--only <what>",
  description: `only one kind: ${activityKinds.join(", ")} (outside: rules that open something outside JIT; policies: JIT policies)`,
  suggestions: activityKinds,
  // Accepts the value's name from an earlier version.
  parse: (given) => oneOf(activityKinds, given === "hand" ? "outside" : given),
};

export const activityOptions = {
  since: duration(
    "--since <length>",
    `entries that started in the last 90m, 24h, 7d (default: ${durationText(usualRangeMs)}; a folder: all)`,
  ),
  from: moment("--from <time>", "entries that started at or after this time"),
  to: moment("--to <time>", "entries that started before this time"),
  user: text(
    "--user <name>",
    "actions of this person or application, and the rules of their requests: account, name or id",
  ),
  vm: vmText("--vm <name>", "requests for this VM and changes of rules that apply to it: name, GROUP/NAME or ARM id"),
  opens: wholeNumber("--opens <port>", "entries that open this port, or may open it", [0, 65_535]),
  only,
  source: text(
    "--source <source>",
    `api, workspace, archive, or a folder or file with log records (default: ${defaultActivitySource})`,
    {
      suggestions: ["api", "workspace", "archive"],
      completes: "folder",
    },
  ),
  late: lateOption,
  strict: flag("--strict", "exit with code 2 instead of 1 if an event cannot be read"),
  ...formatOptions,
  ...cacheOptions,
  ...settingsFor("subscription", "archive", "workspace"),
} as const;
