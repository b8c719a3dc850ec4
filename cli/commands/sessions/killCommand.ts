import { defineCommand } from "../../command.ts";
import { sessionsKillOptions } from "./killOptions.ts";

export const sessionsKill = defineCommand({
  name: "sessions kill",
  summary: "Disconnect open sessions.",
  details:
    "Pass session ids or filters; all filters must match. A session that has already ended counts as done; an unknown id " +
    "is an error. Who disconnected whom, when and why is appended to the record of actions, " +
    "actions.ndjson; Azure's activity log has the call itself. A disconnected person can connect again while the VM's " +
    "port is open: see jit revoke.",
  operands: [
    {
      name: "session",
      description: "session id as in sessions ls, or its beginning (at least 4 characters)",
      variadic: true,
      completes: "session",
    },
  ],
  options: sessionsKillOptions,
  examples: [
    ['sessions kill 7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10 --reason "left open"', "One session"],
    [
      'sessions kill --user ada@example.com --reason "account locked" --yes',
      "All sessions of a person, without confirmation",
    ],
    ['sessions kill --vm web --older-than 8h --reason "maintenance"', "Old sessions to one VM"],
  ],
  role: "operator",
  load: async () => (await import("./kill.ts")).runSessionsKill,
});
