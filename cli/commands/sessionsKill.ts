import { defineCommand } from "../command.ts";
import { duration, flag, formatOptions, requiredText, settingsOptions, text } from "../options.ts";
import { tunnelLogOption } from "./sessionsLs.ts";

export const sessionsKillOptions = {
  user: text("--user <name>", "sessions of this Entra account or account on the VM"),
  vm: text("--vm <name>", "sessions to this VM: its name or ARM id"),
  olderThan: duration("--older-than <length>", "sessions that are open for longer than this: 8h, 1d"),
  reason: requiredText("--reason <text>", "why; it is recorded"),
  yes: flag("-y, --yes", "do not ask"),
  source: tunnelLogOption,
  ...formatOptions,
  ...settingsOptions,
} as const;

export const sessionsKill = defineCommand({
  name: "sessions kill",
  summary: "Disconnect live sessions.",
  details:
    "Name the sessions, or say which: several of --user, --vm and --older-than mean the sessions that all of them fit. A " +
    "session that is gone already counts as done. Who did it, when, why and with what outcome is appended to " +
    "actions.ndjson in the folder that docs/cli.md names; Azure's activity log has the call itself. A person who is " +
    "disconnected can connect again while the VM's port is open: see jit revoke.",
  operands: [{ name: "session", description: "id of a session, as sessions ls shows it", variadic: true }],
  options: sessionsKillOptions,
  examples: [
    ['sessions kill 7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10 --reason "left open"', "One session"],
    [
      'sessions kill --user ada@example.com --reason "account locked" --yes',
      "Everything of one person, without a question",
    ],
    ['sessions kill --vm web --older-than 8h --reason "maintenance"', "Old sessions to one VM"],
  ],
  role: "operator",
  load: async () => (await import("../sessions/kill.ts")).runSessionsKill,
});
