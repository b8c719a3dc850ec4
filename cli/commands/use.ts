import { defineCommand } from "../command.ts";
import { flag, formatOptions, text } from "../options.ts";

export const useOptions = {
  stack: text("--stack <name>", "make a profile of this Pulumi stack's outputs"),
  name: text("--name <name>", "the profile's name (default: the stack's, or the file's without .json)"),
  none: flag("--none", "use no profile"),
  remove: text("--remove <name>", "remove a profile", { completes: "profile" }),
  ...formatOptions,
} as const;

export const use = defineCommand({
  name: "use",
  summary: "Keep the settings of a deployment as a profile, switch between profiles, or list them.",
  details:
    "For people without the Pulumi state: somebody who has it writes the outputs to a file, and every command then goes by the " +
    "profile made of it. A profile holds ids and addresses, no secrets, and is not updated by itself: make it again after a " +
    "deployment that changes them. What a flag or the environment names comes first; the selected stack comes last.",
  operands: [
    {
      name: "profile-or-file",
      description: "a profile to switch to, or a file of outputs to make one of",
      completes: "profile",
    },
  ],
  options: useOptions,
  examples: [
    ["use prod.json", "Make the profile prod of a file of outputs, and use it"],
    ["use --stack dev --name staging", "Make a profile of a stack"],
    ["use prod", "Switch to a profile"],
    ["use", "List the profiles"],
    ["use --none", "Go by the selected stack again"],
  ],
  load: async () => (await import("../use/runUse.ts")).runUse,
});
