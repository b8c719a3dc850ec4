import { defineCommand } from "../../command.ts";
import { checkNames } from "./checks/index.ts";
import { doctorOptions } from "./options.ts";

export const doctor = defineCommand({
  name: "doctor",
  summary: "Check a deployment or a subscription, and show how to fix each problem.",
  details:
    "Checks the deployment in the settings; without one, every Bastion host, JIT policy and network security group of the " +
    "subscription. It changes nothing. What cannot be checked is a finding too, with the missing permission. Exit code 1 " +
    `if there is a warning or an error. Checks: ${checkNames.join(", ")}.`,
  options: doctorOptions,
  examples: [
    ["doctor", "Check the whole deployment"],
    ["doctor --whole-subscription --subscription 00000000-0000-0000-0000-000000000000", "Check a whole subscription"],
    ["doctor --only standing-rules,orphaned-rules --json", "What bypasses JIT, for a script"],
    ["doctor --ignore vm-public-address=web --max-age 7d", "In CI: leave out one finding, require recent records"],
    ["doctor --only permissions --role operator", "Whether this identity can disconnect sessions"],
  ],
  role: "doctor",
  load: async () => (await import("./doctor.ts")).runDoctor,
});
