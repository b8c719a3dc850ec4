import { defineCommand } from "../../command.ts";
import { logsOptions } from "./options.ts";

export const logs = defineCommand({
  name: "logs",
  summary: "Show past and open Bastion sessions, from the audit logs.",
  details:
    "Each row is one session, put together from its audit records. From the archive, only the hours of the time range are " +
    "read, and only what is new since the last call. Records take up to several hours to arrive there; stderr shows what " +
    "was read and when the last record arrived.",
  options: logsOptions,
  examples: [
    ["logs --since 24h", "Sessions of the last day"],
    [
      "logs --from 2026-05-04 --to 2026-05-05 --user ada@example.com --csv > ada.csv",
      "One person's day, for a spreadsheet",
    ],
    ["logs --outcome failed --ip 203.0.113.0/24", "Failed logins from a network"],
    ["logs --source ./blobs --json | jq '.unreadable'", "Damaged records in downloaded blobs, without Azure"],
    ["logs --tunnel 2f1a7a4e-90b8-4c0f-a1f3-1d8a2f1d9c01 --since 7d --records", "The audit records of one session"],
    ["logs --source workspace --vm web --since 30d", "A month of one VM, from Log Analytics"],
    ["logs --follow --json", "Each new session as one line of JSON, for another program"],
  ],
  load: async () => (await import("./runLogs.ts")).runLogs,
});
