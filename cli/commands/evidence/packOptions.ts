import { outPath, text } from "../../options.ts";
import { trailOptions, trailSourceOptions } from "../trail/options.ts";

const { since, from, to, accept, strict } = trailOptions;

export const evidencePackOptions = {
  since,
  from,
  to,
  out: outPath("--out <path>", "the pack to write: a folder, or a file whose name ends with .zip"),
  signKey: text("--sign-key <file>", "sign the pack with this OpenSSH key, by ssh-keygen", { completes: "file" }),
  accept,
  strict,
  ...trailSourceOptions,
} as const;
