/** Which Azure: its endpoints, and what tokens are asked for. */
import * as v from "valibot";
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
export const publicCloud: Cloud = {
  name: "AzureCloud",
  resourceManager: "https://management.azure.com",
  authority: "https://login.microsoftonline.com",
  armScope: "https://management.azure.com/.default",
  storageScope,
  logAnalytics: "https://api.loganalytics.io",
  portal: "https://portal.azure.com",
  isCustom: false,
};

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
 * The cloud that `ARM_METADATA_HOSTNAME` names, a host with or without `https://`, as azure-native and azurerm read it;
 * without it, Azure public.
 * @throws AzureFailure when the host does not answer as a cloud does.
 */
export async function cloudFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<Cloud> {
  const host = (env.ARM_METADATA_HOSTNAME ?? "").replace(/^https:\/\//i, "").replace(/\/+$/, "");
  return host === "" ? publicCloud : describedBy(host, signal);
}

async function describedBy(host: string, signal: AbortSignal | undefined): Promise<Cloud> {
  const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
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
    isCustom: !ownAuthorities.includes(authority.toLowerCase()),
  };
}

function bare(url: string): string {
  return url.replace(/\/+$/, "");
}
