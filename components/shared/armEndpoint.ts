/** Where Azure Resource Manager is, for what azure-native has no resource for. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  chosenCloud,
  cloudNamed,
  type ProviderSettings,
  providerSetting,
  publicCloud,
} from "@bastion-trail/core/links/clouds";
import { sendRequest } from "./armRequest.ts";

/**
 * The address of Azure Resource Manager in the cloud that azure-native uses, without a closing slash. An unknown name of a
 * cloud is the public one to azure-native, and so it is here.
 * @throws Error when the cloud does not describe itself, or the Azure CLI does not name its cloud.
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
  const url = `${cloud}/metadata/endpoints?api-version=2022-09-01`;
  const answer = (await sendRequest("GET", url)) as { resourceManager?: string } | { resourceManager?: string }[];
  const [metadata] = Array.isArray(answer) ? answer : [answer];
  // Azure Stack's own metadata do not name the endpoint they come from: it is Resource Manager itself.
  return (metadata?.resourceManager ?? cloud).replace(/\/+$/, "");
}

/** azure-native falls back on the Azure CLI, and so on the CLI's cloud, if no other sign-in is configured. */
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
  // On Windows `az` is a script, which only a shell runs; the arguments are constants.
  const { stdout } = await promisify(execFile)("az", ["cloud", "show", "--output", "json"], {
    env: { ...env },
    shell: process.platform === "win32",
  });
  const { endpoints } = JSON.parse(stdout) as { endpoints: { resourceManager: string } };
  return endpoints.resourceManager.replace(/\/+$/, "");
}
