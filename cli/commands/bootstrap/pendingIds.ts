/**
 * Derives the ARM ids of resources whose creation was interrupted from their inputs, because the state has no id yet.
 */
import type { StateResource } from "./deployment.ts";

interface Form {
  /** Path with inputs in braces, without the leading path of the subscription or scope. */
  readonly path: string;
  readonly apiVersion: string;
}

const inGroup = "/resourceGroups/{resourceGroupName}/providers";
const onScope = "{scope}/providers/Microsoft.Authorization";
const account = `${inGroup}/Microsoft.Storage/storageAccounts/{accountName}`;
const vault = `${inGroup}/Microsoft.KeyVault/vaults/{vaultName}`;
const identity = `${inGroup}/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`;

/** Types in the bootstrap program that azure-native refuses to create if they already exist. */
const forms: Readonly<Record<string, Form>> = {
  "resources:ResourceGroup": { path: "/resourceGroups/{resourceGroupName}", apiVersion: "2021-04-01" },
  "storage:StorageAccount": { path: account, apiVersion: "2023-05-01" },
  "storage:BlobContainer": {
    path: `${account}/blobServices/default/containers/{containerName}`,
    apiVersion: "2023-05-01",
  },
  "storage:ManagementPolicy": {
    path: `${account}/managementPolicies/{managementPolicyName}`,
    apiVersion: "2023-05-01",
  },
  "keyvault:Vault": { path: vault, apiVersion: "2023-07-01" },
  "keyvault:Key": { path: `${vault}/keys/{keyName}`, apiVersion: "2023-07-01" },
  "managedidentity:UserAssignedIdentity": { path: identity, apiVersion: "2023-01-31" },
  "managedidentity:FederatedIdentityCredential": {
    path: `${identity}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
    apiVersion: "2023-01-31",
  },
  "authorization:RoleDefinition": { path: `${onScope}/roleDefinitions/{roleDefinitionId}`, apiVersion: "2022-04-01" },
  "authorization:RoleAssignment": { path: `${onScope}/roleAssignments/{roleAssignmentName}`, apiVersion: "2022-04-01" },
  "authorization:ManagementLockByScope": { path: `${onScope}/locks/{lockName}`, apiVersion: "2020-05-01" },
};

export interface PendingId {
  readonly id: string;
  readonly apiVersion: string;
}

/** @returns `undefined` if it can be created again, whether it exists or not. */
export function pendingId({ type, inputs }: StateResource, subscriptionId: string): PendingId | undefined {
  const form = forms[type.replace(/^azure-native:/, "")];
  if (form === undefined) return undefined;
  const path = form.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => textOf(inputs[name]));
  const id = form.path.startsWith("{scope}")
    ? `/${path.replace(/^\//, "")}`
    : `/subscriptions/${subscriptionId}${path}`;
  return { id, apiVersion: form.apiVersion };
}

function textOf(input: unknown): string {
  return typeof input === "string" ? input : "";
}
