/**
 * Microsoft's clouds, and how Pulumi's azure-native provider decides which one a deployment is in (pulumi-azure-native,
 * provider/pkg/azure/cloud/cloud.go, and `getCloud` beside its authentication).
 */

/** Endpoints of one cloud, without trailing slashes. */
export interface CloudEndpoints {
  /** Name of the cloud in `az cloud`. */
  readonly name: string;
  /** Endpoint of Azure Resource Manager. */
  readonly resourceManager: string;
  /** Endpoint that issues tokens. */
  readonly authority: string;
  /** Query endpoint of Log Analytics, which is also the audience of its tokens. */
  readonly logAnalytics: string;
  readonly portal: string;
}

export const publicCloud: CloudEndpoints = {
  name: "AzureCloud",
  resourceManager: "https://management.azure.com",
  authority: "https://login.microsoftonline.com",
  logAnalytics: "https://api.loganalytics.io",
  portal: "https://portal.azure.com",
};

const governmentCloud: CloudEndpoints = {
  name: "AzureUSGovernment",
  resourceManager: "https://management.usgovcloudapi.net",
  authority: "https://login.microsoftonline.us",
  logAnalytics: "https://api.loganalytics.us",
  portal: "https://portal.azure.us",
};

const chinaCloud: CloudEndpoints = {
  name: "AzureChinaCloud",
  resourceManager: "https://management.chinacloudapi.cn",
  authority: "https://login.chinacloudapi.cn",
  logAnalytics: "https://api.loganalytics.azure.cn",
  portal: "https://portal.azure.cn",
};

/** Audience of a federated token that is exchanged for Entra's (workload-identity-federation-create-trust.md). */
export const tokenExchangeAudience = "api://AzureADTokenExchange";

/** Clouds by name, in lower case. */
const clouds: ReadonlyMap<string, CloudEndpoints> = new Map([
  ["public", publicCloud],
  ["azurecloud", publicCloud],
  ["usgovernment", governmentCloud],
  ["usgov", governmentCloud],
  ["azureusgovernment", governmentCloud],
  ["azureusgovernmentcloud", governmentCloud],
  ["usgovernmentl4", governmentCloud],
  ["china", chinaCloud],
  ["azurechinacloud", chinaCloud],
]);

/** Authorities of Microsoft's clouds (@azure/identity, `AzureAuthorityHosts`). */
export const microsoftAuthorities: readonly string[] = [
  ...new Set([...clouds.values()].map(({ authority }) => authority)),
  // An alias of Azure China's (@azure/msal-common, AuthorityMetadata).
  "https://login.partner.microsoftonline.cn",
];

/** Every name of a cloud, in lower case. */
export const cloudNames: readonly string[] = [...clouds.keys()];

/** Returns the cloud with a name, in any case; `undefined` if there is none. */
export function cloudNamed(name: string): CloudEndpoints | undefined {
  return clouds.get(name.toLowerCase());
}

/** Returns the cloud of an endpoint of Azure Resource Manager, without a trailing slash; `undefined` if it is not Microsoft's. */
export function cloudAt(resourceManager: string): CloudEndpoints | undefined {
  return [...clouds.values()].find((cloud) => cloud.resourceManager === resourceManager.toLowerCase());
}

/** How the settings select a cloud. */
export type CloudChoice =
  /** `scheme://host` of a cloud that describes itself; see `descriptionUrl`. */
  | { readonly by: "metadata"; readonly url: string }
  /** Individually configured endpoints, without trailing slashes. */
  | {
      readonly by: "endpoints";
      readonly resourceManager: string;
      readonly authority: string;
      readonly audience: string;
    }
  /** A name, as given. */
  | { readonly by: "name"; readonly name: string };

/** Settings of azure-native. */
export interface ProviderSettings {
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Returns the value of a key of the Pulumi config `azure-native`, which takes precedence over its environment
   * variable.
   */
  readonly config: (key: string) => string | undefined;
}

/** Returns one setting of azure-native; an empty value is treated as not set. */
export function providerSetting({ env, config }: ProviderSettings, key: string, variable: string): string {
  return [config(key), env[variable]].find((value) => value !== undefined && value !== "") ?? "";
}

/** Returns how the settings select a cloud; `undefined` if they do not. */
export function chosenCloud(settings: ProviderSettings): CloudChoice | undefined {
  const host = providerSetting(settings, "metadataHost", "ARM_METADATA_HOSTNAME");
  if (host !== "") return { by: "metadata", url: bare(host.includes("://") ? host : `https://${host}`) };
  const endpoint = (key: string, variable: string): string => bare(providerSetting(settings, key, variable));
  const endpoints = {
    resourceManager: endpoint("resourceManagerEndpoint", "ARM_RESOURCE_MANAGER_ENDPOINT"),
    authority: endpoint("activeDirectoryAuthorityHost", "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"),
    audience: endpoint("resourceManagerAudience", "ARM_RESOURCE_MANAGER_AUDIENCE"),
  };
  // azure-native uses them only together.
  if (Object.values(endpoints).every((url) => url !== "")) return { by: "endpoints", ...endpoints };
  const names = ["ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"].map((name) => providerSetting(settings, "environment", name));
  const name = names.find((given) => given !== "");
  return name === undefined ? undefined : { by: "name", name };
}

/** Returns the URL at which a cloud describes its endpoints, given its `scheme://host`. */
export function descriptionUrl(cloud: string): string {
  return `${cloud}/metadata/endpoints?api-version=2022-09-01`;
}

function bare(url: string): string {
  return url.replace(/\/+$/, "");
}
