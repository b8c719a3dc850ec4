import { links, verdicts, type Verdict } from "../../audit/trail/types.ts";
import { didYouMean } from "../../names/didYouMean.ts";
import {
  cacheOptions,
  choice,
  duration,
  flag,
  formatOptions,
  lateOption,
  moment,
  OptionError,
  settingsOptions,
  text,
  type OptionSpec,
} from "../../options.ts";
import { defaultSource } from "../../sources/sourceFlags.ts";
import { durationText, minuteMs } from "../../time.ts";
import { sessionFilterOptions } from "../logs/options.ts";

/** A list of verdicts, separated by commas. */
function verdictList(flags: string, description: string): OptionSpec<readonly Verdict[] | undefined> {
  const parse = (given: string): readonly Verdict[] =>
    given.split(",").map((word) => {
      const known = verdicts.find((verdict) => verdict === word.trim().toLowerCase());
      if (known === undefined) {
        throw new OptionError(`Must be a list of ${verdicts.join(", ")}. ${didYouMean(word.trim(), verdicts)}`.trim());
      }
      return known;
    });
  return { flags, description, parse, suggestions: verdicts };
}

const skewMs = 2 * minuteMs;

const skewOption: OptionSpec<number> = {
  ...duration("--skew <length>", `how far the clocks of the logs may differ (default: ${durationText(skewMs)})`, 0),
  fallback: skewMs,
};

/** Sources of the trail. `trail show` has these options too. */
export const trailSourceOptions = {
  source: text(
    "--source <source>",
    `archive, workspace, or a folder with downloaded logs (default: ${defaultSource})`,
    {
      suggestions: ["archive", "workspace"],
      completes: "folder",
    },
  ),
  late: lateOption,
  skew: skewOption,
  ...cacheOptions,
  ...settingsOptions,
} as const;

const { since, from, to, user, vm } = sessionFilterOptions;

export const trailOptions = {
  since,
  from,
  to,
  at: moment("--at <time>", "who was connected at this moment"),
  user,
  vm,
  request: text("--request <id>", "sessions of this request: its id or correlation id, or the beginning of one"),
  session: text("--session <id>", "this session: its id or tunnel id, or the beginning of one", {
    completes: "session",
  }),
  verdict: verdictList("--verdict <verdicts>", `sessions with these verdicts: ${verdicts.join(", ")}`),
  link: choice("--link <link>", "sessions with this link", links),
  failOn: verdictList(
    "--fail-on <verdicts>",
    "exit with code 1 if a session has one of these verdicts, 2 if one is unknown",
  ),
  accept: text("--accept <file>", "known findings, with reason, owner and expiry: JSON or YAML", { completes: "file" }),
  strict: flag("--strict", "exit with code 2 instead of 1 if a record cannot be read"),
  ...formatOptions,
  ndjson: { ...flag("--ndjson", "print one JSON object per line, for each session"), group: "Result:" },
  markdown: { ...flag("--markdown", "print Markdown, for the summary of a CI job"), group: "Result:" },
  kql: {
    ...flag("--kql", "print the query that gives the same rows in Log Analytics (workspace only)"),
    group: "Result:",
  },
  ...trailSourceOptions,
} as const;
