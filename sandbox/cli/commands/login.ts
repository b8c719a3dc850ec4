import { relative } from "node:path";
import { signInAzureCli } from "../../azureCli.ts";
import { requireRunning } from "../../lifecycle.ts";
import type { CommandContext, CommandResult } from "../command.ts";

/** `login`: signs the Azure CLI in, with separate settings. */
export async function login({ directory, progress }: CommandContext): Promise<CommandResult> {
  const description = await requireRunning(directory);
  const step = progress.step("Signing the Azure CLI in");
  try {
    signInAzureCli(directory, description);
  } catch (error) {
    step.fail();
    throw error;
  }
  step.succeed("The Azure CLI is signed in");
  const envFile = relative(process.cwd(), directory.envFile);
  return {
    json: {
      azureConfigDir: directory.azureCliConfig,
      subscriptionId: description.subscriptionId,
      env: directory.envFile,
    },
    text: `az talks to the sandbox where its environment is set:\n\n  source ${envFile}\n  az network vnet list --output table`,
  };
}
