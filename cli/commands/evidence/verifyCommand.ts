import { defineCommand } from "../../command.ts";
import { evidenceVerifyOptions } from "./verifyOptions.ts";

export const evidenceVerify = defineCommand({
  name: "evidence verify",
  summary: "Check that an evidence pack is as it was written.",
  details:
    "Checks the SHA-256 of every file, what was added or is missing, and the signature if there is one. It works offline. Without a " +
    "signature, compare the SHA-256 of the manifest with the one that `evidence pack` printed: whoever can change a file can write a " +
    "new manifest too. Exit code 1 if anything differs.",
  operands: [{ name: "pack", description: "the folder or the .zip file", required: true }],
  options: evidenceVerifyOptions,
  examples: [
    ["evidence verify quarter.zip", "All files, offline"],
    ["evidence verify quarter.zip --source archive", "The blobs in the archive too"],
    ["evidence verify quarter.zip --source ./logs", "Downloaded logs too"],
    ["evidence verify quarter.zip --allowed-signers signers --identity ops@example.com", "Who signed it"],
  ],
  load: async () => (await import("./verify.ts")).runEvidenceVerify,
});
