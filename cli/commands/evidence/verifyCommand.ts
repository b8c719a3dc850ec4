import { defineCommand } from "../../command.ts";
import { evidenceVerifyOptions } from "./verifyOptions.ts";

export const evidenceVerify = defineCommand({
  name: "evidence verify",
  summary: "Check that an evidence pack has not changed since it was written.",
  details:
    "Checks the SHA-256 of every file, added and missing files, and the signature if there is one. It works offline. If " +
    "the pack has no signature, compare the SHA-256 of the manifest with the one that `evidence pack` printed, because " +
    "anybody who can change a file can also write a new manifest. Exit code 1 if anything differs.",
  operands: [{ name: "pack", description: "the folder or the .zip file", required: true }],
  options: evidenceVerifyOptions,
  examples: [
    ["evidence verify quarter.zip", "Check all files, offline"],
    ["evidence verify quarter.zip --source archive", "Check the blobs in the archive too"],
    ["evidence verify quarter.zip --source ./logs", "Check downloaded logs too"],
    [
      "evidence verify quarter.zip --allowed-signers signers --identity ops@example.com",
      "Require a signature by this person",
    ],
  ],
  load: async () => (await import("./verify.ts")).runEvidenceVerify,
});
