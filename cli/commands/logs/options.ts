import {
  cacheOptions,
  choice,
  duration,
  flag,
  formatOptions,
  lateOption,
  moment,
  settingsOptions,
  text,
  vmText,
} from "../../options.ts";
import { defaultSource } from "../../sources/sourceFlags.ts";
import { durationText } from "../../time.ts";
import { usualRangeMs } from "../../timeRange.ts";

/** Filters for sessions, shared by `logs` and other commands that read the audit log. */
export const sessionFilterOptions = {
  since: duration(
    "--since <length>",
    `sessions of the last 90m, 24h, 7d (default: ${durationText(usualRangeMs)}; a folder: all)`,
  ),
  from: moment("--from <time>", "sessions that were open at or after this time"),
  to: moment("--to <time>", "sessions that started before this time"),
  user: text("--user <name>", "the Entra account or the account on the VM"),
  vm: vmText("--vm <name>", "the VM: name, GROUP/NAME or ARM id"),
  ip: text("--ip <address>", "the client's IP address, or a range of them: 203.0.113.0/24"),
  protocol: text("--protocol <name>", "ssh, rdp, or another value from the log"),
  outcome: choice("--outcome <outcome>", "how the attempt ended", ["connected", "failed", "unknown"]),
  tunnel: text("--tunnel <id>", "id of the Bastion tunnel, or its beginning", { completes: "session" }),
} as const;

/** How often `--follow` checks for new records, in milliseconds. */
export const defaultIntervalMs = 30_000;

export const logsOptions = {
  ...sessionFilterOptions,
  source: text(
    "--source <source>",
    `archive, workspace, or a folder or file with log records (default: ${defaultSource})`,
    {
      suggestions: ["archive", "workspace"],
      completes: "folder",
    },
  ),
  late: lateOption,
  records: flag("--records", "show the audit records instead of the sessions"),
  follow: flag("-f, --follow", "keep running, and show sessions as they appear or change; with --json, one per line"),
  interval: duration(
    "--interval <length>",
    `with --follow: how often to check for new records (default: ${durationText(defaultIntervalMs)})`,
  ),
  strict: flag("--strict", "exit with code 2 instead of 1 if a record cannot be read"),
  ...formatOptions,
  ...cacheOptions,
  ...settingsOptions,
} as const;
