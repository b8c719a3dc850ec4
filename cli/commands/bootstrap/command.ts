import { defineCommand } from "../../command.ts";
import { bootstrapOptions } from "./options.ts";

export const bootstrap = defineCommand({
  name: "bootstrap",
  summary: "Prepare a subscription for a pipeline: state backend, secrets key, identities, roles.",
  details:
    "Runs the Pulumi program @bastion-trail/bootstrap, first with its state on this computer, then moves the state into the " +
    "backend that it has created. Prints the repository's variables for `gh`. Run it again at any time, also after an " +
    "interruption: it looks where the state is, and completes what is missing. Config that is not given is taken from " +
    "bootstrap/Pulumi.STACK.yaml. Nothing is created before you have confirmed the subscription.",
  options: bootstrapOptions,
  examples: [
    ["bootstrap --location westeurope --repository acme/access", "Prepare the subscription that you are signed in to"],
    ["bootstrap --stack prod --dry-run --location westeurope", "See what would be created"],
    ["bootstrap --set-variables --reviewer ada", "Set the variables of the repository, too"],
    ["bootstrap --destroy", "Delete everything that it has created"],
  ],
  load: async () => (await import("./runBootstrap.ts")).runBootstrap,
});
