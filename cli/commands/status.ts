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
  summary: "Show who you are, which deployment is in use, your active requests, and who is connected.",
  details:
    "Says where each setting comes from. If a part cannot be read, the others are shown, stderr says why, and the exit code " +
    "is 1.",
  options: statusOptions,
  examples: [
    ["status", "Where am I, and what is open?"],
    ["status --profile prod --json", "For one profile, for a script"],
    ["status --source none", "Without reading the audit log"],
  ],
  role: "operator",
  load: async () => (await import("../status/runStatus.ts")).runStatus,
});
