/**
 * Microsoft's clouds, and which one a deployment is in, as Pulumi's azure-native provider decides it (pulumi-azure-native,
 * provider/pkg/azure/cloud/cloud.go, and `getCloud` beside its authentication).
 */

/** Endpoints of one cloud, without closing slashes. */
export interface MicrosoftCloud {
  /** The name that `az cloud` has for it. */
  readonly name: string;
  /** Azure Resource Manager. */
  readonly resourceManager: string;
  /** Where tokens come from. */
  readonly authority: string;
  /** Query endpoint of Log Analytics, and audience of its tokens. */
  readonly logAnalytics: string;
  readonly portal: string;
}

export const publicCloud: MicrosoftCloud = {
  name: "AzureCloud",
  resourceManager: "https://management.azure.com",
  authority: "https://login.microsoftonline.com",
  logAnalytics: "https://api.loganalytics.io",
  portal: "https://portal.azure.com",
};

const governmentCloud: MicrosoftCloud = {
  name: "AzureUSGovernment",
  resourceManager: "https://management.usgovcloudapi.net",
  authority: "https://login.microsoftonline.us",
  logAnalytics: "https://api.loganalytics.us",
  portal: "https://portal.azure.us",
};

const chinaCloud: MicrosoftCloud = {
  name: "AzureChinaCloud",
  resourceManager: "https://management.chinacloudapi.cn",
  authority: "https://login.chinacloudapi.cn",
  logAnalytics: "https://api.loganalytics.azure.cn",
  portal: "https://portal.azure.cn",
};

/** Each cloud by its names in lower case. */
const clouds: ReadonlyMap<string, MicrosoftCloud> = new Map([
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

/** Every name of a cloud, in lower case. */
export const cloudNames: readonly string[] = [...clouds.keys()];

/** The cloud of a name in any case; `undefined` if there is none. */
export function cloudNamed(name: string): MicrosoftCloud | undefined {
  return clouds.get(name.toLowerCase());
}

/** What names the cloud. */
export type CloudChoice =
  /** `scheme://host` of a cloud that describes itself at `/metadata/endpoints`. */
  | { readonly by: "metadata"; readonly url: string }
  /** Endpoints that are stated one by one, without closing slashes. */
  | {
      readonly by: "endpoints";
      readonly resourceManager: string;
      readonly authority: string;
      readonly audience: string;
    }
  /** A name, as it was given. */
  | { readonly by: "name"; readonly name: string };

/** What azure-native is configured with. */
export interface ProviderSettings {
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The value of a key of the Pulumi config `azure-native`, which goes before its environment variable. */
  readonly config: (key: string) => string | undefined;
}

/** One setting of azure-native; an empty value counts as none. */
export function providerSetting({ env, config }: ProviderSettings, key: string, variable: string): string {
  return [config(key), env[variable]].find((value) => value !== undefined && value !== "") ?? "";
}

/** Which cloud the settings name; `undefined` if they name none. */
export function chosenCloud(settings: ProviderSettings): CloudChoice | undefined {
  const host = providerSetting(settings, "metadataHost", "ARM_METADATA_HOSTNAME");
  if (host !== "") return { by: "metadata", url: bare(host.includes("://") ? host : `https://${host}`) };
  const endpoint = (key: string, variable: string): string => bare(providerSetting(settings, key, variable));
  const endpoints = {
    resourceManager: endpoint("resourceManagerEndpoint", "ARM_RESOURCE_MANAGER_ENDPOINT"),
    authority: endpoint("activeDirectoryAuthorityHost", "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"),
    audience: endpoint("resourceManagerAudience", "ARM_RESOURCE_MANAGER_AUDIENCE"),
  };
  // azure-native takes them only together.
  if (Object.values(endpoints).every((url) => url !== "")) return { by: "endpoints", ...endpoints };
  const names = ["ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"].map((name) => providerSetting(settings, "environment", name));
  const name = names.find((given) => given !== "");
  return name === undefined ? undefined : { by: "name", name };
}

function bare(url: string): string {
  return url.replace(/\/+$/, "");
}
