import { defineCommand } from "../../command.ts";
import { bootstrapOptions } from "./options.ts";

export const bootstrap = defineCommand({
  name: "bootstrap",
  summary: "Prepare a subscription for a pipeline: state backend, secrets key, identities, roles.",
  details:
    "Runs the Pulumi program @bastion-trail/bootstrap with its state on this computer, then moves the state into the " +
    "backend that it created. Prints the `gh` commands that set the repository's variables. Can be run again at any time, " +
    "also after an interruption: it finds the state and creates what is missing. Config that no option gives is taken " +
    "from bootstrap/Pulumi.STACK.yaml. Nothing is created before you confirm the subscription.",
  options: bootstrapOptions,
  examples: [
    ["bootstrap --location westeurope --repository acme/access", "Prepare the subscription that you are signed in to"],
    ["bootstrap --stack prod --dry-run --location westeurope", "See what would be created"],
    ["bootstrap --set-variables --reviewer ada", "Also set the variables of the repository"],
    ["bootstrap --destroy", "Delete everything that it created"],
  ],
  load: async () => (await import("./runBootstrap.ts")).runBootstrap,
});
