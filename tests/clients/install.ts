import { azureCli, modelSdks, pythonSdks } from "../../tools/pythonClients.ts";
import { ensureEnvironment } from "../../sandbox/pythonEnvironment.ts";

/** Why the clients are not there; absent when they are. */
export let missing: string | undefined;

/** Installs the clients where Python 3 is there. Without them the suite is skipped. */
export function mochaGlobalSetup(): void {
  // Most of the Azure CLI's modules are never loaded here; Python compiles those that are.
  process.env.PIP_NO_COMPILE ??= "1";
  try {
    for (const environment of [azureCli, pythonSdks, modelSdks]) {
      ensureEnvironment(environment);
    }
  } catch (error) {
    missing = `the Azure CLI and the Python SDKs cannot be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
