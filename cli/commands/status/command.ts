import { defineCommand } from "../../command.ts";
import { statusOptions } from "./options.ts";

export const status = defineCommand({
  name: "status",
  summary: "Show who you are, which deployment is in use, your requests, and who is connected.",
  details:
    "Also shows where each setting comes from. If a part cannot be read, the others are shown, stderr says why, and the " +
    "exit code is 1.",
  options: statusOptions,
  examples: [
    ["status", "Your sign-in, deployment, requests and open sessions"],
    ["status --profile prod --json", "For one profile, for a script"],
    ["status --source none", "Without reading the audit log"],
  ],
  role: "operator",
  load: async () => (await import("./runStatus.ts")).runStatus,
});
