import { flagAt, numberAt, objectAt, textAt, type JsonObject } from "../../json.ts";
import { ArmError, badRequest } from "../../armError.ts";
import type { Clock } from "../../../clock.ts";
import type { Resource, ResourceReader } from "../../resource.ts";

/**
 * Returns the value of a secret that a VM's resource refers to.
 * @param reference - a `KeyVaultSecretReference`.
 * @throws ArmError with the compute provider's refusal of a reference (azure-docs, troubleshooting of VM deployments).
 */
export function referredSecret(
  reference: JsonObject,
  { location, store, clock }: { location: string; store: ResourceReader; clock: Clock },
): string {
  const url = textAt(reference, "secretUrl") ?? "";
  const vaultId = textAt(reference, "sourceVault.id") ?? "";
  const vault = store.get(vaultId);
  const [name = "", version] = pathInVault(url, vault);
  if (vault === undefined || name === "" || !letsDeploymentsIn(vault.body)) {
    throw new ArmError(
      403,
      "KeyVaultAccessForbidden",
      `Key Vault ${url} either has not been enabled for deployment or the vault id provided, ${vaultId}, does not match the Key Vault's true resource id.`,
    );
  }
  if (textAt(vault.body, "location") !== location) {
    throw badRequest(
      "KeyVaultAndVMInDifferentRegions",
      `The Key Vault ${vaultId} is located in location ${textAt(vault.body, "location") ?? ""}, which is different from the location of the VM, ${location}.`,
    );
  }
  const secret = store.get(`${vault.id}/secrets/${name}`);
  const latest = textAt(secret?.body, "properties.secretUriWithVersion")?.split("/").at(-1) ?? "";
  const value = textAt(objectAt(secret?.secrets, "versions"), version ?? latest);
  if (secret === undefined || value === undefined) {
    throw new ArmError(
      404,
      "KeyVaultSecretDoesNotExist",
      `The Key Vault secret referenced with the URL ${url} does not exist.`,
    );
  }
  if (!isValid(secret.body, clock)) {
    throw new ArmError(
      403,
      "KeyVaultAccessForbidden",
      `The Key Vault secret ${url} is disabled, expired or not yet valid.`,
    );
  }
  return value;
}

/** Returns the parts after `secrets/` of an address in this vault; none for another vault. */
function pathInVault(url: string, vault: Resource | undefined): string[] {
  const start = `${textAt(vault?.body, "properties.vaultUri") ?? "?"}secrets/`;
  return url.startsWith(start) ? url.slice(start.length).split("/") : [];
}

/**
 * Virtual Machines is a trusted service, which a firewall allows unless `bypass` is `None` (Key Vault, trusted
 * services).
 */
function letsDeploymentsIn(vault: JsonObject): boolean {
  const { enabledForDeployment, networkAcls } = objectAt(vault, "properties");
  const shut = textAt(networkAcls, "defaultAction") === "Deny" && textAt(networkAcls, "bypass") === "None";
  return enabledForDeployment === true && !shut;
}

function isValid(secret: JsonObject, clock: Clock): boolean {
  const now = clock.now().getTime() / 1000;
  const notBefore = numberAt(secret, "properties.attributes.nbf") ?? now;
  const expires = numberAt(secret, "properties.attributes.exp") ?? Infinity;
  return flagAt(secret, "properties.attributes.enabled") !== false && notBefore <= now && now < expires;
}
