/** The endpoints of an Azure cloud, and the scopes of its tokens. */
import * as v from "valibot";
import {
  chosenCloud,
  type CloudChoice,
  cloudAt,
  cloudNamed,
  cloudNames,
  type CloudEndpoints,
  descriptionUrl,
  microsoftAuthorities,
  publicCloud as azurePublic,
} from "@bastion-trail/core/links/clouds";
import { AzureFailure } from "./failure.ts";

export interface Cloud extends CloudEndpoints {
  /** Scope of a token for Azure Resource Manager. */
  readonly armScope: string;
  /**
   * Whether it is not one of Microsoft's own clouds: Entra's public directory of authorities does not contain its authority.
   */
  readonly isCustom: boolean;
}

/** The Azure public cloud. */
export const publicCloud = microsoftCloud(azurePublic);

function microsoftCloud(cloud: CloudEndpoints): Cloud {
  return { ...cloud, armScope: `${cloud.resourceManager}/.default`, isCustom: false };
}

/** A cloud's description of itself (go-azure-sdk, `sdk/internal/metadata`). */
const metadata = v.object({
  name: v.optional(v.string(), "custom"),
  portal: v.optional(v.string()),
  resourceManager: v.string(),
  logAnalyticsResourceId: v.optional(v.string()),
  authentication: v.object({ loginEndpoint: v.string(), audiences: v.pipe(v.array(v.string()), v.minLength(1)) }),
});

/**
 * Returns the cloud that the environment names, by the variables that azure-native also reads: `ARM_METADATA_HOSTNAME` (a host
 * with or without `https://`), the three explicit endpoints, `ARM_ENVIRONMENT`, `AZURE_ENVIRONMENT`. Without them, returns
 * Azure public.
 * @throws AzureFailure if there is no cloud of that name, or if the host does not respond with a cloud's description.
 */
export async function cloudFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<Cloud> {
  const choice = chosenCloud({ env, config: () => undefined });
  switch (choice?.by) {
    case "metadata":
      return describedBy(choice.url, signal);
    case "endpoints":
      return statedCloud(choice);
    case "name":
      return namedCloud(choice.name);
    default:
      return publicCloud;
  }
}

/**
 * Returns a cloud with explicit endpoints for Azure Resource Manager and its tokens. All others are those of Microsoft's cloud
 * at that endpoint, or of Azure public.
 */
function statedCloud({ resourceManager, authority, audience }: CloudChoice & { readonly by: "endpoints" }): Cloud {
  const { logAnalytics, portal } = cloudAt(resourceManager) ?? publicCloud;
  return {
    name: "custom",
    resourceManager,
    authority,
    armScope: `${audience}/.default`,
    logAnalytics,
    portal,
    isCustom: !isMicrosofts(authority),
  };
}

function namedCloud(name: string): Cloud {
  const cloud = cloudNamed(name);
  if (cloud === undefined) {
    throw new AzureFailure(`Unknown cloud: ${name}.`, `Set ARM_ENVIRONMENT to one of ${cloudNames.join(", ")}.`);
  }
  return microsoftCloud(cloud);
}

function isMicrosofts(authority: string): boolean {
  return microsoftAuthorities.includes(authority.toLowerCase());
}

/**
 * Returns the URL at which the cloud in the environment describes itself; `undefined` if the cloud is not chosen by such a URL.
 */
export function metadataUrl(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const choice = chosenCloud({ env, config: () => undefined });
  return choice?.by === "metadata" ? descriptionUrl(choice.url) : undefined;
}

async function describedBy(cloud: string, signal: AbortSignal | undefined): Promise<Cloud> {
  const host = cloud.replace(/^\w+:\/\//, "");
  const url = descriptionUrl(cloud);
  const nextStep = "Check ARM_METADATA_HOSTNAME, and NODE_EXTRA_CA_CERTS if the cloud has a CA of its own.";
  const answer = await fetch(url, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new AzureFailure(`The cloud at ${host} does not answer.`, nextStep, { cause: error });
  });
  const body: unknown = await answer.json().catch(() => undefined);
  const parsed = v.safeParse(metadata, body);
  if (!answer.ok || !parsed.success) {
    throw new AzureFailure(`${host} does not describe a cloud (HTTP status ${answer.status}).`, nextStep);
  }
  const { name, portal, resourceManager, logAnalyticsResourceId, authentication } = parsed.output;
  const endpoint = bare(resourceManager);
  const audience = authentication.audiences.map(bare).find((one) => one === endpoint) ?? authentication.audiences[0];
  // A cloud with AD FS names its only tenant in the login endpoint. The tenant of a sign-in is given separately.
  const authority = bare(authentication.loginEndpoint).replace(/\/adfs$/i, "");
  return {
    name,
    resourceManager: endpoint,
    authority,
    armScope: `${bare(audience ?? endpoint)}/.default`,
    logAnalytics: bare(logAnalyticsResourceId ?? publicCloud.logAnalytics),
    portal: bare(portal ?? publicCloud.portal),
    isCustom: !isMicrosofts(authority),
  };
}

function bare(url: string): string {
  return url.replace(/\/+$/, "");
}
