/** The two backends that can hold the state. */
import * as v from "valibot";
import { stateBackendUrl, stateContainerName } from "@bastion-trail/core/links/stateBackend";
import type { ArmClient } from "../../azure/armClient.ts";
import { isNotFound } from "../../azure/failure.ts";
import { readAs } from "../../azure/read.ts";
import { UserError } from "../../errors.ts";
import type { Environment } from "../../io.ts";
import type { Place } from "./pulumiStack.ts";
import type { Workspace } from "./workspace.ts";

const storageApiVersion = "2023-05-01";
const groupsApiVersion = "2021-04-01";

const accounts = v.object({
  value: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      properties: v.object({ primaryEndpoints: v.optional(v.object({ blob: v.optional(v.string()) })) }),
    }),
  ),
});

/**
 * Removes variables that would select another account, or a key that the account does not accept (gocloud.dev,
 * blob/azureblob).
 */
const foreignAccess: Environment = {
  AZURE_STORAGE_ACCOUNT: undefined,
  AZURE_STORAGE_KEY: undefined,
  AZURE_STORAGE_CONNECTION_STRING: undefined,
  AZURE_STORAGEBLOB_CONNECTIONSTRING: undefined,
  AZURE_STORAGE_DOMAIN: undefined,
  AZURE_STORAGE_PROTOCOL: undefined,
  AZURE_STORAGE_IS_CDN: undefined,
  AZURE_STORAGE_IS_LOCAL_EMULATOR: undefined,
};

/** The backend on this computer, used before the one in Azure exists and while it is deleted. */
export function localPlace({ localBackend, passphraseFile, subscriptionId }: Workspace): Place {
  return {
    name: "this computer",
    isLocal: true,
    url: localBackend,
    secretsProvider: "passphrase",
    env: {
      ARM_SUBSCRIPTION_ID: subscriptionId,
      PULUMI_CONFIG_PASSPHRASE: undefined,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    },
  };
}

/** @param secretsProvider for a stack that is created there. */
export function azurePlace({ subscriptionId }: Workspace, url: string, secretsProvider: string): Place {
  const account = new URL(url).searchParams.get("storage_account") ?? url;
  return {
    name: `the storage account ${account}`,
    isLocal: false,
    url,
    secretsProvider,
    env: { ...foreignAccess, ARM_SUBSCRIPTION_ID: subscriptionId },
  };
}

export interface AzureFacts {
  /** Whether the resource group exists. */
  readonly hasGroup: boolean;
  /** URL of the backend in the group. */
  readonly backendUrl: string | undefined;
}

/**
 * Looks for the backend in Azure itself, without relying on a file.
 * @throws `UserError` if there are two.
 */
export async function readAzure(arm: ArmClient, subscriptionId: string, group: string): Promise<AzureFacts> {
  const path = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  if (!(await exists(arm, path, groupsApiVersion))) return { hasGroup: false, backendUrl: undefined };
  const list = await arm.get(`${path}/providers/Microsoft.Storage/storageAccounts`, storageApiVersion);
  const urls: string[] = [];
  for (const { id, name, properties } of readAs(accounts, list, "the storage accounts").value) {
    const endpoint = properties.primaryEndpoints?.blob;
    const isBackend = await exists(
      arm,
      `${id}/blobServices/default/containers/${stateContainerName}`,
      storageApiVersion,
    );
    if (isBackend && endpoint !== undefined) urls.push(stateBackendUrl(name, endpoint));
  }
  if (urls.length > 1) {
    throw new UserError(
      `The resource group ${group} has ${urls.length} storage accounts with a container '${stateContainerName}'.`,
      "Remove those that are not the state backend.",
    );
  }
  return { hasGroup: true, backendUrl: urls[0] };
}

async function exists(arm: ArmClient, path: string, apiVersion: string): Promise<boolean> {
  try {
    await arm.get(path, apiVersion);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
