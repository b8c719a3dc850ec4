import type { JsonObject } from "./json.ts";

/**
 * Returns the cloud's description, `GET /metadata/endpoints`, which `az cloud register --endpoint-resource-manager`,
 * the Azure SDKs and azure-native (`ARM_METADATA_HOSTNAME`) read before they log in. Up to 2018 it has the form of
 * Azure Stack; 2019-05-01 is a list of clouds; later versions are one cloud (go-azure-sdk, `sdk/internal/metadata`).
 *
 * @param services what the services outside Azure Resource Manager add to the later forms.
 */
export function cloudMetadata(
  apiVersion: string,
  endpoint: string,
  tenantId: string,
  services: JsonObject = {},
): JsonObject | JsonObject[] {
  // The login endpoint of a cloud with AD FS: the Azure CLI then contacts only this cloud. With an Entra endpoint, MSAL
  // for Python would first ask login.microsoftonline.com whether it knows the host.
  const authentication: JsonObject = {
    loginEndpoint: `${endpoint}/adfs`,
    audiences: [`${endpoint}/`, "https://management.core.windows.net/", "https://management.azure.com/"],
    tenant: tenantId,
    identityProvider: "ADFS",
  };
  if (apiVersion < "2019") {
    return {
      galleryEndpoint: `${endpoint}/`,
      graphEndpoint: `${endpoint}/`,
      portalEndpoint: `${endpoint}/`,
      graphAudience: `${endpoint}/`,
      authentication,
    };
  }
  const host = new URL(endpoint).host;
  const cloud: JsonObject = {
    name: "BastionTrailSandbox",
    portal: `${endpoint}/`,
    authentication,
    media: `${endpoint}/`,
    graph: `${endpoint}/`,
    graphAudience: `${endpoint}/`,
    microsoftGraphResourceId: `${endpoint}/`,
    gallery: `${endpoint}/`,
    resourceManager: `${endpoint}/`,
    activeDirectoryDataLake: `${endpoint}/`,
    ossRDBMSResourceId: `${endpoint}/`,
    ...services,
    suffixes: {
      storage: host,
      keyVaultDns: vaultDomain(endpoint),
      sqlServerHostname: `database.${host}`,
      acrLoginServer: `azurecr.${host}`,
    },
  };
  return apiVersion < "2020" ? [cloud] : cloud;
}

/** Returns the domain after a vault's name. A host of `*.127.0.0.1` would not be a valid URL. */
export function vaultDomain(endpoint: string): string {
  return `vault.localhost:${new URL(endpoint).port}`;
}
