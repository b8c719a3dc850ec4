import { randomUUID } from "node:crypto";
import { flagAt, numberAt, objectAt, textAt, withProperties } from "../bodies.ts";
import {
  bool,
  int,
  list,
  obj,
  oneOf,
  proxy,
  readOnlyMembers,
  required,
  secretStr,
  str,
  tags,
  tracked,
} from "../fields.ts";
import {
  ArmError,
  type JsonObject,
  type ProviderModule,
  type PutContext,
  type ResourceReader,
  type TypeRules,
} from "../model.ts";

export const vaultType = "Microsoft.KeyVault/vaults";
const secretType = "Microsoft.KeyVault/vaults/secrets";
const deletedVaultType = "Microsoft.KeyVault/locations/deletedVaults";

const apiVersions = [
  "2019-09-01",
  "2021-06-01-preview",
  "2021-10-01",
  "2021-11-01-preview",
  "2022-07-01",
  "2022-11-01",
  "2023-02-01",
  "2023-07-01",
  "2024-04-01-preview",
  "2024-11-01",
  "2024-12-01-preview",
  "2025-05-01",
];

const networkAcls = obj({
  bypass: oneOf("AzureServices", "None"),
  defaultAction: oneOf("Allow", "Deny"),
  ipRules: list(obj({ value: required(str()) })),
  virtualNetworkRules: list(obj({ id: required(str()), ignoreMissingVnetServiceEndpoint: bool() })),
});

const accessPolicy = obj({
  tenantId: required(str()),
  objectId: required(str()),
  applicationId: str(),
  permissions: required(
    obj({ keys: list(str()), secrets: list(str()), certificates: list(str()), storage: list(str()) }),
  ),
});

/**
 * Vaults. A deleted one keeps its name until it is purged (azure-docs, key-vault/general/soft-delete-overview.md). It cannot be
 * recovered here.
 */
function vaults(domain: string): TypeRules {
  return {
    type: vaultType,
    apiVersions,
    scope: "resourceGroup",
    name: {
      pattern: /^(?!.*--)[A-Za-z](?:[A-Za-z0-9-]{1,22}[A-Za-z0-9])$/,
      code: "VaultNameNotValid",
      message: (name) =>
        `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147742`,
    },
    location: "required",
    shape: tracked(
      required(
        obj({
          tenantId: required(str()),
          sku: required(obj({ family: required(oneOf("A")), name: required(oneOf("standard", "premium")) })),
          accessPolicies: list(accessPolicy, 1024),
          createMode: oneOf("default"),
          enablePurgeProtection: bool(),
          enableRbacAuthorization: bool(),
          enableSoftDelete: bool(),
          enabledForDeployment: bool(),
          enabledForDiskEncryption: bool(),
          enabledForTemplateDeployment: bool(),
          networkAcls,
          publicNetworkAccess: str(),
          softDeleteRetentionInDays: int(7, 90),
          ...readOnlyMembers("vaultUri", "provisioningState", "hsmPoolResourceId", "privateEndpointConnections"),
        }),
      ),
    ),
    put: "sync",
    createdStatus: 200,
    delete: "sync",
    patch: { of: "body", completion: "sync" },
    check: checkVault,
    complete: ({ body, name, existing }) => ({
      body: withProperties(
        {
          ...body,
          properties: {
            enabledForDeployment: false,
            enabledForDiskEncryption: false,
            enabledForTemplateDeployment: false,
            enableRbacAuthorization: false,
            accessPolicies: [],
            publicNetworkAccess: "Enabled",
            softDeleteRetentionInDays: numberAt(existing?.body, "properties.softDeleteRetentionInDays") ?? 90,
            ...without(objectAt(body, "properties"), "createMode"),
          },
        },
        {
          enableSoftDelete: true,
          vaultUri: `https://${name.toLowerCase()}.${domain}/`,
          provisioningState: "Succeeded",
        },
      ),
    }),
    afterDelete({ existing, store, clock, subscriptionId }) {
      const { name, body, id } = existing;
      const location = textAt(body, "location") ?? "";
      const deleted = clock.now();
      const days = numberAt(body, "properties.softDeleteRetentionInDays") ?? 90;
      store.put({
        id: `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`,
        type: deletedVaultType,
        name,
        body: {
          properties: {
            vaultId: id,
            location,
            deletionDate: deleted.toISOString(),
            scheduledPurgeDate: new Date(deleted.getTime() + days * 86_400_000).toISOString(),
          },
        },
      });
    },
  };
}

function checkVault({ body, name, id, store, existing, tenantId }: PutContext): void {
  if (textAt(body, "properties.tenantId")?.toLowerCase() !== tenantId.toLowerCase()) {
    throw badRequest(`The tenant ID in the request does not match the tenant of the subscription '${tenantId}'.`);
  }
  const isRbac = flagAt(body, "properties.enableRbacAuthorization") === true;
  if (!isRbac && objectAt(body, "properties").accessPolicies === undefined) {
    throw badRequest("The parameter accessPolicies is not specified.");
  }
  if (existing !== undefined) return;
  if (store.ofType(vaultType).some((vault) => isNamed(vault.name, name) && vault.id !== id)) {
    throw new ArmError(
      409,
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state.`,
    );
  }
  if (store.ofType(deletedVaultType).some((deleted) => isNamed(deleted.name, name))) {
    throw new ArmError(
      409,
      "ConflictError",
      "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
    );
  }
}

const deletedVaults: TypeRules = {
  type: deletedVaultType,
  apiVersions,
  scope: "subscription",
  name: { pattern: /./, code: "BadRequest", message: (name) => `The vault name '${name}' is invalid.` },
  location: "none",
  shape: proxy(obj({})),
  put: "forbidden",
  delete: "forbidden",
  actions: {
    purge({ resource, store }) {
      store.delete(resource.id);
      return { status: 202 };
    },
  },
};

/** Secrets, as Azure Resource Manager has them: every PUT makes a version, and nothing shows a value. */
const secrets: TypeRules = {
  type: secretType,
  apiVersions,
  scope: "child",
  name: {
    pattern: /^[A-Za-z0-9-]{1,127}$/,
    code: "BadParameter",
    message: (name) => `The request URI contains an invalid name: ${name}`,
  },
  location: "none",
  shape: obj({
    tags: tags(),
    properties: required(
      obj({
        value: secretStr(),
        contentType: str(),
        attributes: obj({ enabled: bool(), nbf: int(), exp: int(), ...readOnlyMembers("created", "updated") }),
        ...readOnlyMembers("secretUri", "secretUriWithVersion"),
      }),
    ),
    ...readOnlyMembers("id", "name", "type", "location", "etag", "systemData"),
  }),
  put: "sync",
  delete: "forbidden",
  patch: { of: "body", completion: "sync" },
  complete({ body, name, parentId = "", existing, store, clock }) {
    const vault = store.get(parentId);
    const { value, ...properties } = objectAt(body, "properties");
    const secretUri = `${textAt(vault?.body, "properties.vaultUri") ?? ""}secrets/${name}`;
    const now = Math.floor(clock.now().getTime() / 1000);
    const version = randomUUID().replaceAll("-", "");
    const versions = objectAt(existing?.secrets, "versions");
    return {
      body: {
        ...body,
        location: textAt(vault?.body, "location") ?? "",
        properties: {
          ...properties,
          attributes: {
            enabled: true,
            ...objectAt(properties, "attributes"),
            created: numberAt(existing?.body, "properties.attributes.created") ?? now,
            updated: now,
          },
          secretUri,
          secretUriWithVersion: `${secretUri}/${version}`,
        },
      },
      secrets: { versions: { ...versions, [version]: value ?? "" } },
    };
  },
};

/** `Microsoft.KeyVault`: vaults, their secrets, and the vaults that are deleted and not yet purged. */
export function keyVaultProvider(domain: string): ProviderModule {
  return { namespace: "Microsoft.KeyVault", types: [vaults(domain), secrets, deletedVaults] };
}

/** Where a resource takes a secret from, as `KeyVaultSecretReference`. */
export const secretReference = obj({
  secretUrl: required(str()),
  sourceVault: required(obj({ id: required(str()), ...readOnlyMembers("name", "type") })),
});

/**
 * The value of a secret that a VM's resource refers to.
 * @param reference - checked against {@link secretReference}.
 * @throws ArmError as the compute provider refuses a reference (azure-docs, troubleshooting of VM deployments).
 */
export function referredSecret(reference: JsonObject, location: string, store: ResourceReader): string {
  const url = textAt(reference, "secretUrl") ?? "";
  const vaultId = textAt(reference, "sourceVault.id") ?? "";
  const vault = store.get(vaultId);
  const vaultUri = textAt(vault?.body, "properties.vaultUri");
  const [, name = "", version] = (
    vaultUri !== undefined && url.startsWith(vaultUri) ? url.slice(vaultUri.length) : ""
  ).split("/");
  if (vault === undefined || name === "" || flagAt(vault.body, "properties.enabledForDeployment") !== true) {
    throw new ArmError(
      403,
      "KeyVaultAccessForbidden",
      `Key Vault ${url} either has not been enabled for deployment or the vault id provided, ${vaultId}, does not match the Key Vault's true resource id.`,
    );
  }
  if (textAt(vault.body, "location") !== location) {
    throw new ArmError(
      400,
      "KeyVaultAndVMInDifferentRegions",
      `The Key Vault ${vaultId} is located in location ${textAt(vault.body, "location") ?? ""}, which is different from the location of the VM, ${location}.`,
    );
  }
  const secret = store.get(`${vault.id}/secrets/${name}`);
  const latest = textAt(secret?.body, "properties.secretUriWithVersion")?.split("/").at(-1) ?? "";
  const value = textAt(objectAt(secret?.secrets, "versions"), version ?? latest);
  if (value === undefined) {
    throw new ArmError(
      404,
      "KeyVaultSecretDoesNotExist",
      `The Key Vault secret referenced with the URL ${url} does not exist.`,
    );
  }
  return value;
}

function isNamed(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function without(body: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
}

function badRequest(message: string): ArmError {
  return new ArmError(400, "BadRequest", message);
}
