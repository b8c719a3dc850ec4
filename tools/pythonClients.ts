import { cached } from "../sandbox/pythonEnvironment.ts";

/** The real Azure CLI, which pins its own dependencies. */
export const azureCli = { folder: cached("clients/az"), packages: { "azure-cli": "2.91.0" } };

/** Microsoft's management SDKs for Python, separate from the Azure CLI, which requires older ones. */
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

/**
 * The SDKs that the local Azure's models are taken from: the last version of Azure Monitor with diagnostic settings,
 * and two more.
 */
export const modelSdks = {
  folder: cached("clients/models"),
  packages: {
    ...pythonSdks.packages,
    "azure-mgmt-keyvault": "14.1.0",
    "azure-mgmt-monitor": "6.0.2",
    "azure-mgmt-msi": "7.1.0",
  },
};
