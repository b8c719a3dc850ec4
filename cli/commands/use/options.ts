import { flag, formatOptions, text } from "../../options.ts";

export const useOptions = {
  stack: text("--stack <name>", "create a profile from this Pulumi stack's outputs"),
  name: text("--name <name>", "the profile's name (default: the stack's, or the file's without .json)"),
  none: flag("--none", "use no profile"),
  remove: text("--remove <name>", "remove a profile", { completes: "profile" }),
  ...formatOptions,
} as const;
