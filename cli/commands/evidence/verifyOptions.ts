import { flag, settingsFor, text } from "../../options.ts";

export const evidenceVerifyOptions = {
  source: text("--source <source>", "compare the source too: archive, or a folder with the logs", {
    suggestions: ["archive"],
    completes: "folder",
  }),
  allowedSigners: text(
    "--allowed-signers <file>",
    "require a signature by a key in this file; see ALLOWED SIGNERS in ssh-keygen(1)",
    { completes: "file" },
  ),
  identity: text("--identity <name>", "required signer, as named in the file of allowed signers"),
  json: flag("--json", "print one JSON document"),
  ...settingsFor("archive"),
} as const;
