import { defineCommand } from "../command.ts";
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
} from "../options.ts";

/** Which sessions are meant. `logs` has them, and so may others that read the audit log. */
export const sessionFilterOptions = {
  since: duration("--since <length>", "sessions of the last 90m, 24h, 7d (default: 24h; a folder: all)"),
  from: moment("--from <time>", "sessions that were there at this time or later"),
  to: moment("--to <time>", "sessions that began before this time"),
  user: text("--user <name>", "the Entra account or the account on the VM"),
  vm: text("--vm <name>", "name of the VM, or its ARM id", { completes: "vm" }),
  ip: text("--ip <address>", "the client's IP address, or a range of them: 203.0.113.0/24"),
  protocol: text("--protocol <name>", "ssh, rdp or whatever the log has"),
  outcome: choice("--outcome <outcome>", "how the attempt ended", ["connected", "failed", "unknown"]),
  tunnel: text("--tunnel <id>", "id of the Bastion tunnel, or its beginning", { completes: "session" }),
} as const;

export const logsOptions = {
  ...sessionFilterOptions,
  source: text("--source <source>", "archive, workspace, or a folder of downloaded blobs (default: archive)", {
    suggestions: ["archive", "workspace"],
    completes: "folder",
  }),
  late: lateOption,
  records: flag("--records", "show the audit records themselves instead of the sessions folded from them"),
  follow: flag("-f, --follow", "go on, and show sessions as they appear or change; --json then gives one line each"),
  interval: duration("--interval <length>", "with --follow: look for new records this often (default: 30s)"),
  strict: flag("--strict", "end with exit code 2 instead of 1 if any record cannot be read"),
  ...formatOptions,
  ...cacheOptions,
  ...settingsOptions,
} as const;

export const logs = defineCommand({
  name: "logs",
  summary: "Show Bastion sessions, folded from the audit records.",
  details:
    "Reads the archive, of which only the hours asked for and what is new since the last call are fetched; or the " +
    "Log Analytics workspace; or a folder of downloaded log blobs. Audit records take up to several hours to arrive in " +
    "the archive; what is read and when the last record arrived is told on stderr.",
  options: logsOptions,
  examples: [
    ["logs --since 24h", "Sessions of the last day"],
    [
      "logs --from 2026-05-04 --to 2026-05-05 --user ada@example.com --csv > ada.csv",
      "One person's day, for a spreadsheet",
    ],
    ["logs --outcome failed --ip 203.0.113.0/24", "Failed logins from a network"],
    [
      "logs --source ./blobs --json | jq '.unreadable'",
      "Blobs that were downloaded, without Azure; what in them is damaged",
    ],
    ["logs --tunnel 2f1a7a4e-90b8-4c0f-a1f3-1d8a2f1d9c01 --since 7d --records", "The audit records of one session"],
    ["logs --source workspace --vm web --since 30d", "A month of one VM, asked of Log Analytics"],
    ["logs --follow --json", "Every new session as a line of JSON, for another program"],
  ],
  load: async () => (await import("../logs/runLogs.ts")).runLogs,
});
