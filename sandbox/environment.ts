import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SandboxDescription, SandboxDirectory } from "./directory.ts";

/**
 * Passphrase of the sandbox stack's secrets. Not a secret: it protects only a local stand-in, and the committed
 * Pulumi.sandbox.yaml is salted with it.
 */
export const passphrase = "sandbox";

/** Returns the providers of the sandbox stack, attached by their ports instead of being started as plugins. */
function debugProviders(description: SandboxDescription): string {
  const { bridgePort, dynamicProviderPort } = description;
  return [
    `azure-native:${bridgePort}`,
    `random:${bridgePort}`,
    // The real provider of Pulumi's dynamic resources, which the nodejs language plugin would start.
    `pulumi-nodejs:${dynamicProviderPort}`,
  ].join(",");
}

/** Returns the environment of an engine that runs the sandbox stack. */
export function engineEnvironment(
  directory: SandboxDirectory,
  description: SandboxDescription,
): Readonly<Record<string, string>> {
  return {
    // Disables the side files of the file backend, which are not written atomically: a killed engine would leave half
    // of one, and no command could open the stack ("failed to load checkpoint: EOF").
    PULUMI_BACKEND_URL: `${pathToFileURL(directory.stateFolder).href}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_DEBUG_PROVIDERS: debugProviders(description),
  };
}

/**
 * Returns the environment that configures any real client (Pulumi, az, an Azure SDK, this project's CLI) for the
 * sandbox.
 */
export function clientEnvironment(
  directory: SandboxDirectory,
  description: SandboxDescription,
): Readonly<Record<string, string>> {
  const { caFile } = description;
  return {
    ...engineEnvironment(directory, description),
    BASTION_TRAIL_OUTPUTS: directory.outputsFile,
    BASTION_TRAIL_CACHE: directory.cliCache,
    BASTION_TRAIL_STATE: directory.cliState,
    SANDBOX_ARM_ENDPOINT: description.armEndpoint,
    // The host from which azure-native, azurerm and this project's CLI read a cloud's endpoints.
    ARM_METADATA_HOSTNAME: new URL(description.armEndpoint).host,
    AZURE_SUBSCRIPTION_ID: description.subscriptionId,
    AZURE_TENANT_ID: description.tenantId,
    AZURE_CLIENT_ID: description.clientId,
    AZURE_CLIENT_SECRET: description.clientSecret,
    AZURE_STORAGE_CONNECTION_STRING: description.storageConnectionString,
    AZURE_CONFIG_DIR: directory.azureCliConfig,
    // Extensions are programs, not settings: the installed ones stay available.
    AZURE_EXTENSION_DIR: process.env.AZURE_EXTENSION_DIR ?? join(ownAzureConfig(), "cliextensions"),
    AZURE_CORE_COLLECT_TELEMETRY: "false",
    SANDBOX_CA_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
  };
}

/** Returns the folder of the user's Azure CLI settings. */
function ownAzureConfig(): string {
  return process.env.AZURE_CONFIG_DIR ?? join(homedir(), ".azure");
}

/** Formats the environment as POSIX shell exports. */
export function shellExports(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join("");
}
