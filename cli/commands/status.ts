import { defineCommand } from "../command.ts";
import { cacheOptions, flag, settingsOptions } from "../options.ts";
import { tunnelLogOption } from "./sessionsLs.ts";

export const statusOptions = {
  source: tunnelLogOption,
  json: flag("--json", "print one JSON document"),
  local: flag("--local", "show times in the local time zone instead of UTC"),
  ...cacheOptions,
  ...settingsOptions,
} as const;

export const status = defineCommand({
  name: "status",
  summary: "Show who you are, which deployment commands go by, what you have open, and who is connected.",
  details:
    "Names where each setting comes from. A part that cannot be read is told on stderr, with the exit code 1, and the others " +
    "are shown.",
  options: statusOptions,
  examples: [
    ["status", "Before anything else, at 3 am"],
    ["status --profile prod --json", "One profile, for a script"],
    ["status --source none", "Without reading the audit log"],
  ],
  role: "operator",
  load: async () => (await import("../status/runStatus.ts")).runStatus,
});
