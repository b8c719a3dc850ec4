import { regionName } from "@bastion-trail/core/rules/region";
import * as v from "valibot";
import { storageApiVersion } from "./apiVersions.ts";
import type { ArmClient } from "./armClient.ts";
import { optionalText, readAs } from "./read.ts";

export interface StorageAccount {
  readonly id: string;
  readonly name: string;
  /** Short name of the region: `westeurope`. */
  readonly location: string;
  /** Without a closing slash. */
  readonly blobEndpoint: string | null;
  /** Whether its firewall lets in Azure's own services, such as Azure Monitor. */
  readonly letsServicesIn: boolean;
}

const account = v.object({
  id: v.string(),
  name: v.string(),
  location: v.string(),
  properties: v.object({
    primaryEndpoints: v.nullish(v.object({ blob: optionalText })),
    networkAcls: v.nullish(v.object({ bypass: optionalText, defaultAction: optionalText })),
  }),
});

/** Lists all storage accounts of a subscription. @throws ArmError */
export function listStorageAccounts(arm: ArmClient, subscriptionId: string): Promise<StorageAccount[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/storageAccounts`;
  return Array.fromAsync(arm.list(path, storageApiVersion), accountFrom);
}

/** @throws ArmError, e.g. `ResourceNotFound`. */
export async function readStorageAccount(arm: ArmClient, id: string): Promise<StorageAccount> {
  return accountFrom(await arm.get(id, storageApiVersion));
}

function accountFrom(body: unknown): StorageAccount {
  const { id, name, location, properties } = readAs(account, body, "the storage account");
  const { bypass, defaultAction } = properties.networkAcls ?? {};
  return {
    id,
    name,
    location: regionName(location),
    blobEndpoint: properties.primaryEndpoints?.blob?.replace(/\/+$/, "") ?? null,
    // Azure Monitor is one of the "trusted services" (azure-monitor-docs, diagnostic-settings.md).
    letsServicesIn: defaultAction?.toLowerCase() !== "deny" || (bypass ?? "").toLowerCase().includes("azureservices"),
  };
}

/** The time-based retention policy of a container. */
export interface ImmutabilityPolicy {
  /** `Locked` or `Unlocked`. */
  readonly state: string;
  readonly days: number;
  /** Whether records can be appended to a protected blob. */
  readonly allowsAppends: boolean;
}

const container = v.object({
  properties: v.object({
    immutabilityPolicy: v.nullish(
      v.object({
        properties: v.nullish(
          v.object({
            state: optionalText,
            immutabilityPeriodSinceCreationInDays: v.nullish(v.number()),
            allowProtectedAppendWrites: v.nullish(v.boolean()),
            allowProtectedAppendWritesAll: v.nullish(v.boolean()),
          }),
        ),
      }),
    ),
  }),
});

/**
 * Returns the immutability policy of a container; null if it has none.
 * @throws ArmError, e.g. `ContainerNotFound`, or if the caller lacks
 * `Microsoft.Storage/storageAccounts/blobServices/containers/read`.
 */
export async function readImmutability(
  arm: ArmClient,
  accountId: string,
  name: string,
): Promise<ImmutabilityPolicy | null> {
  const path = `${accountId}/blobServices/default/containers/${name}`;
  const { properties } = readAs(container, await arm.get(path, storageApiVersion), "the container");
  const policy = properties.immutabilityPolicy?.properties;
  return policy?.state === undefined || policy.state === null
    ? null
    : {
        state: policy.state,
        days: policy.immutabilityPeriodSinceCreationInDays ?? 0,
        allowsAppends: policy.allowProtectedAppendWrites === true || policy.allowProtectedAppendWritesAll === true,
      };
}
