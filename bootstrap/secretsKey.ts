/** The vault and the key that encrypt the secrets of the stacks. */
import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { ArmClient } from "@bastion-trail/components/shared/armClient";
import { unlessMissing, withRetries } from "@bastion-trail/components/shared/armRequest";
import { ArmTask } from "@bastion-trail/components/shared/armTask";
import type { Place } from "./place.ts";

/** The key of Pulumi's secrets provider. */
export interface SecretsKey {
  readonly keyId: pulumi.Output<string>;
  /** Argument for `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: pulumi.Output<string>;
  readonly key: pulumi.Resource;
}

export interface VaultArgs {
  readonly vaultId: string;
  readonly location: string;
  readonly tenantId: string;
  /**
   * When the vault was deleted, as long as it is deleted. A new value makes an existing stack run the task again, which
   * recovers the vault.
   */
  readonly deletedAt?: string | undefined;
}

export interface KeyArgs {
  readonly keyId: string;
}

const keyName = "pulumi";
const apiVersion = "api-version=2024-11-01";
/** Milliseconds between two reads of a vault that is being created. */
const pollMs = 1000;
const patienceMinutes = 10;

/**
 * Creates a vault with role-based access and purge protection, and an RSA key in it.
 *
 * Both are tasks, not resources of azure-native. azure-native cannot recover a vault: it creates one with `createMode:
 * recover` once, and every later update fails (`SoftDeletedVaultDoesNotExist`). It also refuses to create a key that
 * exists, as in a recovered vault. Deleting the resource group deletes the vault.
 */
export async function secretsKey(place: Place, arm: ArmClient): Promise<SecretsKey> {
  const { names, subscriptionId, resourceGroupName, location, tenantId, registered } = place;
  const fullId = `/subscriptions/${subscriptionId}/resourceGroups/${names.resourceGroup}/providers/Microsoft.KeyVault/vaults/${names.vault}`;
  const present = await readVault(fullId, arm);
  const deletedAt = present === undefined ? await deletionDate(fullId, location, arm) : undefined;
  const vault = new ArmTask<VaultArgs>(
    { id: "vaultId", work: ensureVault },
    "vault",
    {
      vaultId: pulumi.output(resourceGroupName).apply(() => fullId),
      location,
      tenantId,
      ...(deletedAt && { deletedAt }),
    },
    { dependsOn: registered["Microsoft.KeyVault"] },
  );
  const keyId = pulumi.interpolate`${vault.id}/keys/${keyName}`;
  const key = new ArmTask<KeyArgs>({ id: "keyId", work: ensureKey }, "key", { keyId }, {});
  return {
    keyId: key.id,
    secretsProvider: vault.id.apply(async (id) => {
      const found = present ?? (await readVault(id, arm));
      // Only a preview can get here before the vault exists.
      return found === undefined ? "" : `azurekeyvault://${new URL(found.vaultUri).host}/keys/${keyName}`;
    }),
    key,
  };
}

interface Vault {
  readonly provisioningState?: string;
  readonly vaultUri: string;
}

async function readVault(vaultId: string, arm: ArmClient): Promise<Vault | undefined> {
  const found = (await withRetries(() => arm.send("GET", `${vaultId}?${apiVersion}`)).catch(unlessMissing)) as
    { properties: Vault } | undefined;
  return found?.properties;
}

/** Returns when a vault was deleted that can still be recovered; `undefined` if there is none. */
async function deletionDate(vaultId: string, location: string, arm: ArmClient): Promise<string | undefined> {
  const [, , subscriptionId = ""] = vaultId.split("/");
  const name = vaultId.slice(vaultId.lastIndexOf("/") + 1);
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}?${apiVersion}`;
  const found = (await withRetries(() => arm.send("GET", path)).catch(unlessMissing)) as
    { properties: { deletionDate: string } } | undefined;
  return found?.properties.deletionDate;
}

/**
 * Creates the vault, or recovers it if it was deleted, and then writes its settings: Azure ignores every other setting
 * in a request to recover (azure-rest-api-specs #21306).
 */
export async function ensureVault({ vaultId, location, tenantId }: VaultArgs, arm: ArmClient): Promise<void> {
  const settings = {
    tenantId,
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
    enablePurgeProtection: true,
    publicNetworkAccess: "Enabled",
  };
  const put = (properties: object): Promise<unknown> =>
    withRetries(() => arm.send("PUT", `${vaultId}?${apiVersion}`, { body: { location, properties } }));
  const missing = (await readVault(vaultId, arm)) === undefined;
  if (missing && (await deletionDate(vaultId, location, arm)) !== undefined) {
    await put({ ...settings, createMode: "recover" });
    await untilReady(vaultId, arm);
  }
  await put(settings);
  await untilReady(vaultId, arm);
}

async function untilReady(vaultId: string, arm: ArmClient): Promise<void> {
  const end = Date.now() + patienceMinutes * 60_000;
  for (;;) {
    const state = (await readVault(vaultId, arm))?.provisioningState;
    if (state === "Succeeded") return;
    if (Date.now() > end)
      throw new Error(`${vaultId} is still not ready after ${patienceMinutes} minutes. Run it again later.`);
    await delay(pollMs);
  }
}

/** Creates the key; an existing key is left unchanged ("Keys - Create If Not Exist", Key Vault resource provider). */
export async function ensureKey({ keyId }: KeyArgs, arm: ArmClient): Promise<void> {
  const body = { properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] } };
  await withRetries(() => arm.send("PUT", `${keyId}?${apiVersion}`, { body }));
}
