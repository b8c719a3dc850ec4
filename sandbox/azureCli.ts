import { rmSync } from "node:fs";
import spawn from "cross-spawn";
import type { SandboxDescription, SandboxDirectory } from "./directory.ts";
import { clientEnvironment } from "./environment.ts";
import { Failure } from "./failure.ts";

/** Name under which the Azure CLI knows the sandbox. */
const cloudName = "sandbox";

/** The commands that sign the Azure CLI in to a sandbox, whatever its environment holds. */
export function signInCommands(description: SandboxDescription): readonly (readonly string[])[] {
  const { armEndpoint, clientId, clientSecret, tenantId } = description;
  return [
    ["cloud", "register", "--name", cloudName, "--endpoint-resource-manager", armEndpoint],
    ["cloud", "set", "--name", cloudName],
    ["login", "--service-principal", "--username", clientId, "--password", clientSecret, "--tenant", tenantId],
  ];
}

/**
 * Signs the Azure CLI in to the sandbox, with settings of its own in the sandbox's folder: what somebody has in `~/.azure`
 * stays as it is. Earlier settings of the sandbox are replaced, because its address may have changed.
 * @param environment where `az` is looked for.
 * @throws `Failure` when there is no `az`, or one of its commands fails.
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
    if (status !== 0) {
      throw new Failure(`az ${args.slice(0, 2).join(" ")} failed: ${stderr.trim()}`);
    }
  }
}
