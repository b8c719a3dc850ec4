import { defineCommand } from "../../command.ts";
import { driftOptions } from "./options.ts";

export const drift = defineCommand({
  name: "drift",
  summary: "Show what changed in Azure since the last deployment, without changing anything.",
  details:
    "Runs `pulumi refresh --preview-only` in the current folder, and compares the rules of the stack's network security " +
    "groups, which a refresh does not show. Just-in-time access is not drift: neither the requests in a JIT policy nor " +
    "rules that active requests cover. Properties that the program ignores are listed only in the JSON document. " +
    "Exit code 0: no drift; 1: drift; 2: something could not be compared.",
  options: driftOptions,
  examples: [
    ["drift", "The selected stack"],
    ["drift --stack prod --json", "In a scheduled CI job"],
  ],
  load: async () => (await import("./drift.ts")).runDrift,
});
