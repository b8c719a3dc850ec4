/** Which Azure: its endpoints, and what tokens are asked for. */
import * as v from "valibot";
import {
  chosenCloud,
  type CloudChoice,
  cloudNamed,
  cloudNames,
  type MicrosoftCloud,
  publicCloud as azurePublic,
} from "@bastion-trail/core/links/clouds";
import { AzureFailure } from "./failure.ts";

export interface Cloud {
  readonly name: string;
  /** Azure Resource Manager, without a closing slash. */
  readonly resourceManager: string;
  /** Where tokens come from, without a closing slash and without a tenant. */
  readonly authority: string;
  /** Scope of a token for Azure Resource Manager. */
  readonly armScope: string;
  /** Scope of a token for blobs, the same in every cloud (azure-docs, storage/blobs/authorize-access-azure-active-directory.md). */
  readonly storageScope: string;
  /** Query endpoint of Log Analytics, without a closing slash; also its tokens' audience. */
  readonly logAnalytics: string;
  /** Base address of the portal, without a closing slash. */
  readonly portal: string;
  /** Not one of Microsoft's own clouds: Entra's public directory of authorities does not know its authority. */
  readonly isCustom: boolean;
}

const storageScope = "https://storage.azure.com/.default";

/** Azure public. */
export const publicCloud = microsoftCloud(azurePublic);

function microsoftCloud(cloud: MicrosoftCloud): Cloud {
  return { ...cloud, armScope: `${cloud.resourceManager}/.default`, storageScope, isCustom: false };
}

/** What a cloud says of itself (go-azure-sdk, `sdk/internal/metadata`). */
const metadata = v.object({
  name: v.optional(v.string(), "custom"),
  portal: v.optional(v.string()),
  resourceManager: v.string(),
  logAnalyticsResourceId: v.optional(v.string()),
  authentication: v.object({ loginEndpoint: v.string(), audiences: v.pipe(v.array(v.string()), v.minLength(1)) }),
});

/** Authorities of Microsoft's own clouds (@azure/identity, `AzureAuthorityHosts`). */
const ownAuthorities = [
  "https://login.microsoftonline.com",
  "https://login.microsoftonline.us",
  "https://login.chinacloudapi.cn",
  "https://login.partner.microsoftonline.cn",
];

/**
 * The cloud that the environment names, by the variables that azure-native reads as well: `ARM_METADATA_HOSTNAME` (a host with
 * or without `https://`), the three stated endpoints, `ARM_ENVIRONMENT`, `AZURE_ENVIRONMENT`; without them, Azure public.
 * @throws AzureFailure when there is no such cloud, or the host does not answer as a cloud does.
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

/** Only Azure Resource Manager is stated; what is not is that of Azure public. */
function statedCloud({ resourceManager, authority, audience }: CloudChoice & { readonly by: "endpoints" }): Cloud {
  const { logAnalytics, portal } = publicCloud;
  return {
    name: "custom",
    resourceManager,
    authority,
    armScope: `${audience}/.default`,
    storageScope,
    logAnalytics,
    portal,
    isCustom: !isMicrosofts(authority),
  };
}

function namedCloud(name: string): Cloud {
  const cloud = cloudNamed(name);
  if (cloud === undefined) {
    throw new AzureFailure(
      `There is no cloud named ${name}.`,
      `Set ARM_ENVIRONMENT to one of ${cloudNames.join(", ")}.`,
    );
  }
  return microsoftCloud(cloud);
}

function isMicrosofts(authority: string): boolean {
  return ownAuthorities.includes(authority.toLowerCase());
}

/** Where the cloud that the environment names describes itself; `undefined` for a cloud that is not asked. */
export function metadataUrl(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const choice = chosenCloud({ env, config: () => undefined });
  return choice?.by === "metadata" ? descriptionOf(choice.url) : undefined;
}

function descriptionOf(cloud: string): string {
  return `${cloud}/metadata/endpoints?api-version=2022-09-01`;
}

async function describedBy(cloud: string, signal: AbortSignal | undefined): Promise<Cloud> {
  const host = cloud.replace(/^\w+:\/\//, "");
  const url = descriptionOf(cloud);
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
  // A cloud with AD FS names its one tenant in the login endpoint; the tenant of a sign-in is given apart from it.
  const authority = bare(authentication.loginEndpoint).replace(/\/adfs$/i, "");
  return {
    name,
    resourceManager: endpoint,
    authority,
    armScope: `${bare(audience ?? endpoint)}/.default`,
    storageScope,
    logAnalytics: bare(logAnalyticsResourceId ?? publicCloud.logAnalytics),
    portal: bare(portal ?? publicCloud.portal),
    isCustom: !isMicrosofts(authority),
  };
}

function bare(url: string): string {
  return url.replace(/\/+$/, "");
}
