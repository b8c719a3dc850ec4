import { rmSync } from "node:fs";
import spawn from "cross-spawn";
import type { SandboxDescription, SandboxDirectory } from "./directory.ts";
import { clientEnvironment } from "./environment.ts";
import { Failure } from "./failure.ts";

/** Name of the sandbox in the Azure CLI. */
const cloudName = "sandbox";

/** Returns the commands that sign the Azure CLI in to a sandbox, regardless of the environment. */
function signInCommands(description: SandboxDescription): readonly (readonly string[])[] {
  const { armEndpoint, clientId, clientSecret, tenantId } = description;
  return [
    ["cloud", "register", "--name", cloudName, "--endpoint-resource-manager", armEndpoint],
    ["cloud", "set", "--name", cloudName],
    ["login", "--service-principal", "--username", clientId, "--password", clientSecret, "--tenant", tenantId],
  ];
}

/**
 * Signs the Azure CLI in to the sandbox, with separate settings in the sandbox's folder: the user's `~/.azure` is left
 * unchanged. Earlier settings of the sandbox are replaced, because its address may have changed.
 * @param environment used to find `az`.
 * @throws `Failure` if `az` is not found, or one of its commands fails.
 */
export function signInAzureCli(
  directory: SandboxDirectory,
  description: SandboxDescription,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  rmSync(directory.azureCliConfig, { recursive: true, force: true });
  const env = { ...environment, ...clientEnvironment(directory, description) };
  for (const args of signInCommands(description)) {
    const { status, error, stderr } = spawn.sync("az", [...args, "--output", "none"], { env, encoding: "utf8" });
    if (error instanceof Error) {
      throw new Failure(
        `The Azure CLI cannot be started (${error.message}). Install it: https://learn.microsoft.com/cli/azure/install-azure-cli`,
      );
    }
    if (status !== 0) throw new Failure(`az ${args.slice(0, 2).join(" ")} failed: ${stderr.trim()}`);
  }
}
