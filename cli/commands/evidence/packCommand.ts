import { defineCommand } from "../../command.ts";
import { evidencePackOptions } from "./packOptions.ts";

export const evidencePack = defineCommand({
  name: "evidence pack",
  summary: "Write the access trail of a time range and the records it rests on, for an auditor.",
  details:
    "The pack has the report, the trail as CSV and JSON, the log records, what was read of each log and its gaps, how the " +
    "archive keeps the logs, the findings of doctor, and a manifest with the SHA-256 of every file and of every source " +
    "file or blob. An existing pack is never overwritten. It has names and addresses of people, so only its owner may " +
    "read it.",
  options: evidencePackOptions,
  examples: [
    ["evidence pack --from 2026-01-01 --to 2026-04-01 --out quarter.zip", "A quarter, from the archive"],
    [
      "evidence pack --source ./logs --from 2026-01-01 --to 2026-04-01 --out quarter.zip",
      "A quarter of downloaded logs",
    ],
    ["evidence pack --source ./logs --out pack --sign-key ~/.ssh/id_ed25519", "A folder, signed with an OpenSSH key"],
  ],
  load: async () => (await import("./pack.ts")).runEvidencePack,
});
