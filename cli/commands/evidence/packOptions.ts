import { cacheOptions, requiredText, text } from "../../options.ts";
import { skewOption, trailOptions } from "../trail/options.ts";

const { since, from, to, accept, strict } = trailOptions;

export const evidencePackOptions = {
  since,
  from,
  to,
  out: requiredText("--out <path>", "the pack to write: a folder, or a file whose name ends with .zip"),
  source: { ...requiredText("--source <folder>", "a folder with downloaded logs"), completes: "folder" },
  signKey: text("--sign-key <file>", "sign the pack with this OpenSSH key, by ssh-keygen", { completes: "file" }),
  accept,
  strict,
  skew: skewOption,
  ...cacheOptions,
} as const;
