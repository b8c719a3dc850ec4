/** Credentials for calls to Azure. */
import type { AccessToken, TokenCredential } from "@azure/identity";
import { tokenExchangeAudience } from "@bastion-trail/core/links/clouds";
import type { Cloud } from "./cloud.ts";
import { AzureFailure } from "./failure.ts";
import { signInFailure } from "./signIn.ts";

/** A `TokenCredential` of Azure's libraries that always returns a token or throws. */
export interface AzureCredential {
  getToken(...args: Parameters<TokenCredential["getToken"]>): Promise<AccessToken>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the first available credential, in the order of `DefaultAzureCredential`: environment (a secret or certificate),
 * workload identity, managed identity, Azure CLI, Azure PowerShell, Azure Developer CLI. In a GitHub job with `id-token: write`
 * and neither a secret nor a token file, the job's own identity (OIDC) comes first.
 *
 * The library is loaded only here, because that takes about half a second. Its errors become `AzureFailure`s, so that every
 * client reports a missing sign-in in the same way.
 */
export async function credentialFor(cloud: Cloud, env: Environment = process.env): Promise<AzureCredential> {
  const credential = await libraryCredential(cloud, env);
  return askedOnce({
    getToken: async (scopes, options) => {
      const given = await credential.getToken(scopes, options).catch((error: unknown) => {
        throw options?.abortSignal?.aborted === true ? error : signInFailure(error, cloud.authority);
      });
      if (given === null) throw new AzureFailure("The sign-in to Azure gave no token.", "Run `az login`.");
      return given;
    },
  });
}

async function libraryCredential(cloud: Cloud, env: Environment): Promise<TokenCredential> {
  const { ChainedTokenCredential, ClientAssertionCredential, DefaultAzureCredential } = await import("@azure/identity");
  const options = {
    authorityHost: cloud.authority,
    // Entra's public directory of authorities is on the internet and contains only Microsoft's own clouds.
    disableInstanceDiscovery: cloud.isCustom,
  };
  const standing = new DefaultAzureCredential(options);
  const job = gitHubJob(env);
  return job === undefined
    ? standing
    : new ChainedTokenCredential(
        new ClientAssertionCredential(job.tenantId, job.clientId, () => gitHubToken(job), options),
        standing,
      );
}

interface GitHubJob {
  readonly tenantId: string;
  readonly clientId: string;
  readonly url: string;
  readonly token: string;
}

/** Returns the GitHub job, if it may request a token of its own and has nothing else to sign in with. */
function gitHubJob(env: Environment): GitHubJob | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  const tenantId = env.AZURE_TENANT_ID ?? env.ARM_TENANT_ID;
  const clientId = env.AZURE_CLIENT_ID ?? env.ARM_CLIENT_ID;
  const others = [env.AZURE_CLIENT_SECRET, env.AZURE_CLIENT_CERTIFICATE_PATH, env.AZURE_FEDERATED_TOKEN_FILE];
  return [url, token, tenantId, clientId].some((value) => !value) || others.some(Boolean)
    ? undefined
    : { url: url ?? "", token: token ?? "", tenantId: tenantId ?? "", clientId: clientId ?? "" };
}

/** Returns the job's token for Entra (GitHub, "About security hardening with OpenID Connect"). */
async function gitHubToken({ url, token }: GitHubJob): Promise<string> {
  const request = new URL(url);
  request.searchParams.set("audience", tokenExchangeAudience);
  const answer = await fetch(request, { headers: { Authorization: `Bearer ${token}` } });
  const body: unknown = answer.ok ? await answer.json() : undefined;
  const value = typeof body === "object" && body !== null && "value" in body ? body.value : undefined;
  if (typeof value !== "string") {
    throw new AzureFailure(
      `GitHub gave this job no OIDC token (HTTP status ${answer.status}).`,
      "Add `permissions: id-token: write` to the job.",
    );
  }
  return value;
}

/** How long before its end a token is replaced, in milliseconds. Azure's clients start to request a new one at that point. */
const renewalMs = 120_000;

/**
 * Returns a credential that requests each kind of token only once for all clients: the Azure CLI's credential starts a process
 * for every token.
 */
export function askedOnce(credential: AzureCredential): AzureCredential {
  const tokens = new Map<string, Promise<AccessToken>>();
  return {
    async getToken(scopes, options = {}) {
      const { tenantId, claims, enableCae } = options;
      const kind = JSON.stringify([[scopes].flat(), tenantId, claims, enableCae]);
      const known = tokens.get(kind);
      const isFresh = known !== undefined && (await isLasting(known));
      // Another caller may have requested one in the meantime.
      const current = tokens.get(kind);
      if (current !== undefined && (isFresh || current !== known)) return current;
      const asked = credential.getToken(scopes, options);
      tokens.set(kind, asked);
      return asked;
    },
  };
}

async function isLasting(token: Promise<AccessToken>): Promise<boolean> {
  const { expiresOnTimestamp } = await token.catch(() => ({ expiresOnTimestamp: 0 }));
  return expiresOnTimestamp - Date.now() > renewalMs;
}
