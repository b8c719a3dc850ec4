import { defineCommand } from "../../command.ts";
import { useOptions } from "./options.ts";

export const use = defineCommand({
  name: "use",
  summary: "Save the settings of a deployment as a profile, switch profiles, or list them.",
  details:
    "For people without access to the Pulumi state: somebody with access writes the outputs to a file, and a profile is made " +
    "from the file. Commands use the profile unless a flag or the environment names a deployment. A profile has ids and " +
    "addresses, no secrets. It is a copy: make it again after a deployment that changes them.",
  operands: [
    {
      name: "profile-or-file",
      description: "a profile to switch to, or a file of outputs to make one from",
      completes: "profile",
    },
  ],
  options: useOptions,
  examples: [
    ["use prod.json", "Make the profile prod from a file of outputs, and use it"],
    ["use --stack dev --name staging", "Make a profile from a stack"],
    ["use prod", "Switch to a profile"],
    ["use", "List the profiles"],
    ["use --none", "Use the selected stack again"],
  ],
  load: async () => (await import("./runUse.ts")).runUse,
});
