import { flag, text } from "../../options.ts";

export const evidenceVerifyOptions = {
  source: text("--source <folder>", "compare the source files too: a folder with the logs", { completes: "folder" }),
  allowedSigners: text(
    "--allowed-signers <file>",
    "require a signature by a key in this file; see ALLOWED SIGNERS in ssh-keygen(1)",
    { completes: "file" },
  ),
  identity: text("--identity <name>", "who must have signed, as the file of allowed signers names them"),
  json: flag("--json", "print one JSON document"),
} as const;
