import { defineCommand } from "../../command.ts";
import { useOptions } from "./options.ts";

export const use = defineCommand({
  name: "use",
  summary: "Save the settings of a deployment as a profile, switch profiles, or list them.",
  details:
    "For people without access to the Pulumi state: somebody with access writes the outputs to a file, from which you " +
    "create a profile. Commands use the profile unless an option or the environment names a deployment. A profile has ids " +
    "and addresses, no secrets. It is a copy: create it again after a deployment that changes them.",
  operands: [
    {
      name: "profile-or-file",
      description: "profile to switch to, or file of outputs to create one from",
      completes: "profile",
    },
  ],
  options: useOptions,
  examples: [
    ["use prod.json", "Create the profile prod from a file of outputs, and use it"],
    ["use --stack dev --name staging", "Create a profile from a stack"],
    ["use prod", "Switch to a profile"],
    ["use", "List the profiles"],
    ["use --none", "Go back to the selected stack"],
  ],
  load: async () => (await import("./runUse.ts")).runUse,
});
