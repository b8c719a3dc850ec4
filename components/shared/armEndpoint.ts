/** The endpoint of Azure Resource Manager, for requests that azure-native has no resource for. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  chosenCloud,
  cloudNamed,
  descriptionUrl,
  type ProviderSettings,
  providerSetting,
  publicCloud,
} from "@bastion-trail/core/links/clouds";
import { sendRequest } from "./armRequest.ts";

/**
 * Returns the endpoint of Azure Resource Manager in the cloud that azure-native uses, without a trailing slash. Like
 * azure-native, treats an unknown cloud name as the public cloud.
 * @throws Error if the cloud does not describe itself, or the Azure CLI does not name its cloud.
 */
export async function resourceManagerEndpoint(settings: ProviderSettings): Promise<string> {
  const choice = chosenCloud(settings);
  switch (choice?.by) {
    case "metadata":
      return await describedEndpoint(choice.url);
    case "endpoints":
      return choice.resourceManager;
    case "name":
      return (cloudNamed(choice.name) ?? publicCloud).resourceManager;
    default:
      return signsInWithCli(settings) ? await cliEndpoint(settings.env) : publicCloud.resourceManager;
  }
}

async function describedEndpoint(cloud: string): Promise<string> {
  const answer = (await sendRequest("GET", descriptionUrl(cloud))) as
    { resourceManager?: string } | { resourceManager?: string }[];
  const [metadata] = Array.isArray(answer) ? answer : [answer];
  // Azure Stack's metadata does not name the endpoint it comes from, which is Resource Manager itself.
  return (metadata?.resourceManager ?? cloud).replace(/\/+$/, "");
}

/** azure-native falls back to the Azure CLI, and so to the CLI's cloud, if no other sign-in is configured. */
function signsInWithCli(settings: ProviderSettings): boolean {
  const value = (key: string, variable: string): string => providerSetting(settings, key, variable);
  return !(
    value("useDefaultAzureCredential", "ARM_USE_DEFAULT_AZURE_CREDENTIAL") === "true" ||
    value("clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH") !== "" ||
    value("clientSecret", "ARM_CLIENT_SECRET") !== "" ||
    value("useOidc", "ARM_USE_OIDC") === "true" ||
    value("useMsi", "ARM_USE_MSI") === "true"
  );
}

async function cliEndpoint(env: ProviderSettings["env"]): Promise<string> {
  // On Windows `az` is a script, which requires a shell; the arguments are constants.
  const { stdout } = await promisify(execFile)("az", ["cloud", "show", "--output", "json"], {
    env: { ...env },
    shell: process.platform === "win32",
  });
  const { endpoints } = JSON.parse(stdout) as { endpoints: { resourceManager: string } };
  return endpoints.resourceManager.replace(/\/+$/, "");
}
