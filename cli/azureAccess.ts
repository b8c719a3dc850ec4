/** The cloud and the credential that commands use. Loads Azure's libraries, so import it only when they are needed. */
import { cloudFromEnvironment, type Cloud } from "./azure/cloud.ts";
import { credentialFor, type AzureCredential } from "./azure/credential.ts";
import { hasSignature } from "./azure/blobEndpoint.ts";
import { checkProxy } from "./azure/proxy.ts";
import type { Io } from "./io.ts";

export interface AzureAccess {
  readonly cloud: Cloud;
  readonly credential: AzureCredential;
}

/** @throws `AzureFailure` if the proxy cannot be used, or the cloud that `ARM_METADATA_HOSTNAME` names does not answer. */
export async function openAzure(io: Io): Promise<AzureAccess> {
  checkProxy(io.env);
  const cloud = await cloudFromEnvironment(io.env, io.signal);
  return { cloud, credential: await credentialFor(cloud, io.env) };
}

/** The sign-in for an archive: none if its address has a shared access signature. */
export async function archiveSignIn(blobEndpoint: string, io: Io): Promise<{ readonly credential?: AzureCredential }> {
  checkProxy(io.env);
  return hasSignature(blobEndpoint) ? {} : { credential: (await openAzure(io)).credential };
}
