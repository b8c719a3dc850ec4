import type { JsonObject } from "./model.ts";

/**
 * The cloud's own description, `GET /metadata/endpoints`, which `az cloud register --endpoint-resource-manager`, the Azure
 * SDKs and azure-native (`ARM_METADATA_HOSTNAME`) read before they log in. Up to 2018 it has the form that Azure Stack
 * answers; 2019-05-01 is a list of clouds; later versions are one cloud (go-azure-sdk, `sdk/internal/metadata`).
 * @param audience what a token for ARM is asked for: the control plane itself.
 */
export function cloudMetadata(apiVersion: string, endpoint: string, tenantId: string): JsonObject | JsonObject[] {
  const authentication = (loginEndpoint: string): JsonObject => ({
    loginEndpoint,
    audiences: [`${endpoint}/`, "https://management.core.windows.net/", "https://management.azure.com/"],
    tenant: tenantId,
    identityProvider: "AAD",
  });
  if (apiVersion < "2019") {
    return {
      galleryEndpoint: `${endpoint}/`,
      graphEndpoint: `${endpoint}/`,
      portalEndpoint: `${endpoint}/`,
      graphAudience: `${endpoint}/`,
      authentication: authentication(`${endpoint}/`),
    };
  }
  const host = new URL(endpoint).host;
  const cloud: JsonObject = {
    name: "BastionTrailSandbox",
    portal: `${endpoint}/`,
    authentication: authentication(`${endpoint}/`),
    media: `${endpoint}/`,
    graph: `${endpoint}/`,
    graphAudience: `${endpoint}/`,
    microsoftGraphResourceId: `${endpoint}/`,
    gallery: `${endpoint}/`,
    resourceManager: `${endpoint}/`,
    activeDirectoryDataLake: `${endpoint}/`,
    ossRDBMSResourceId: `${endpoint}/`,
    suffixes: {
      storage: host,
      keyVaultDns: `vault.${host}`,
      sqlServerHostname: `database.${host}`,
      acrLoginServer: `azurecr.${host}`,
    },
  };
  return apiVersion < "2020" ? [cloud] : cloud;
}
