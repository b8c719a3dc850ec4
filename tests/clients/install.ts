import { cached, ensureEnvironment } from "../../tools/pythonEnvironment.ts";

/** The real Azure CLI. It pins what it depends on. */
export const azureCli = { folder: cached("clients/az"), packages: { "azure-cli": "2.91.0" } };

/** Microsoft's management SDKs for Python, apart from the Azure CLI, which needs older ones. */
export const pythonSdks = {
  folder: cached("clients/sdk"),
  packages: {
    "azure-identity": "1.27.0",
    "azure-mgmt-authorization": "4.0.0",
    "azure-mgmt-compute": "39.0.0",
    "azure-mgmt-loganalytics": "14.0.0",
    "azure-mgmt-monitor": "7.0.0",
    "azure-mgmt-network": "33.1.0",
    "azure-mgmt-resource": "26.0.0",
    "azure-mgmt-resource-locks": "1.0.0",
    "azure-mgmt-security": "7.0.0",
    "azure-mgmt-storage": "25.3.0",
  },
};

/** Why the clients are not there; absent when they are. */
export let missing: string | undefined;

/** Installs the clients where Python 3 is there. Without them the suite is skipped. */
export function mochaGlobalSetup(): void {
  // Most of the Azure CLI's modules are never loaded here; Python compiles those that are.
  process.env.PIP_NO_COMPILE ??= "1";
  try {
    for (const environment of [azureCli, pythonSdks]) {
      ensureEnvironment(environment);
    }
  } catch (error) {
    missing = `the Azure CLI and the Python SDKs cannot be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
