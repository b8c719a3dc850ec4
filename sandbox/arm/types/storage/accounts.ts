import { randomBytes } from "node:crypto";
import ipaddr from "ipaddr.js";
import { containersOf, immutabilityOf } from "../../../blobs/accounts.ts";
import { defined, flagAt, objectAt, objectsAt, textAt, valueAt, type JsonObject } from "../../json.ts";
import type { ActionContext, DeleteContext, PutContext } from "../../requestContext.ts";
import type { ActionResult } from "../../typeRules.ts";
import { conflict, type ArmError } from "../../armError.ts";
import { sameId } from "../../ids.ts";
import { resourceType, type Services } from "../../resourceType.ts";
import { valuesOf } from "../../sdkModels.ts";
import { usagesOf } from "../quota.ts";
import { refuseReservedName } from "../../reservedNames.ts";
import { accountName, accountType, checkNameAvailability } from "./nameAvailability.ts";
import { invalidValues } from "./requests.ts";

/** `Microsoft.Storage/storageAccounts`. */
export default ({ blobs }: Services) =>
  resourceType({
    type: accountType,
    model: "storage:StorageAccount",
    request: "storage:StorageAccountCreateParameters",
    sdk: "storage.StorageAccount",
    scope: "resourceGroup",
    name: accountName,
    location: "required",
    answers: {
      "locations/usages": "storage:Usage",
      skus: "storage:SkuInformation",
      listKeys: "storage:StorageAccountKey",
      regenerateKey: "storage:StorageAccountKey",
    },
    put: "async",
    refusals: { busy },
    createdStatus: 202,
    delete: "sync",
    patch: { of: "body", completion: "sync" },
    check(context) {
      refuseReservedName(context.name);
      checkNameIsFree(context);
      checkKindAndSku(context);
      checkFirewall(context.body);
      checkUpdate(context);
    },
    complete,
    view: (resource) => ({
      ...resource.body,
      properties: {
        ...objectAt(resource.body, "properties"),
        primaryEndpoints: { blob: blobs.endpointOf(resource.name) },
      },
    }),
    checkDelete: refuseWhileLocked,
    async afterDelete({ existing }) {
      await blobs.deleteAccount(existing.name);
    },
    actions: { listKeys, regenerateKey },
    providerActions: { checkNameAvailability },
    providerLists: {
      "locations/usages": (context, names) =>
        usagesOf([{ type: accountType, name: ["StorageAccounts", "Storage Accounts"], limit: 250 }], context, names),
      skus: () =>
        valuesOf("Microsoft.Storage", "SkuName").map((name) => ({
          resourceType: "storageAccounts",
          name,
          tier: name.split(/_|V2/)[0] ?? "",
        })),
    },
  });

/** Storage resource provider, "Common errors"; the message: radius #8172. */
function busy(): ArmError {
  return conflict(
    "StorageAccountOperationInProgress",
    "An operation is currently performing on this storage account that requires exclusive access.",
  );
}

/** Account names are unique in the whole cloud; here the cloud is the subscription. */
function checkNameIsFree({ store, id, name }: PutContext): void {
  const other = store.ofType(accountType).find((account) => account.name === name && !sameId(account.id, id));
  if (other !== undefined) {
    throw conflict(
      "StorageAccountInAnotherResourceGroup",
      `The account ${name} is already in another resource group in this subscription.`,
    );
  }
}

/** SKUs supported by each kind (azure-docs, storage-account-overview). */
function checkKindAndSku({ body }: PutContext): void {
  const kind = textAt(body, "kind") ?? "";
  const sku = textAt(body, "sku.name") ?? "";
  const premium = sku.startsWith("Premium_");
  const premiumOnly = ["FileStorage", "BlockBlobStorage"].includes(kind);
  const fits = premiumOnly ? premium : premium ? kind !== "BlobStorage" && sku === "Premium_LRS" : true;
  if (!fits) throw invalidValues("kind, sku");
  if (premium && textAt(body, "properties.accessTier") !== undefined && !premiumOnly) throw invalidValues("accessTier");
  const hns = flagAt(body, "properties.isHnsEnabled") === true;
  if (hns && !["StorageV2", "BlockBlobStorage", "FileStorage"].includes(kind)) throw invalidValues("isHnsEnabled");
}

/**
 * The firewall accepts public IPv4 addresses, and ranges of /30 or larger (azure-docs,
 * storage-network-security-ip-address-range).
 */
function checkFirewall(body: JsonObject): void {
  const isPublicRange = (value: string): boolean => {
    const [address = "", prefix] = value.split("/");
    if (!ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv4.parse(address).range() !== "unicast") return false;
    return prefix === undefined || (/^\d{1,2}$/.test(prefix) && Number(prefix) <= 30);
  };
  for (const rule of objectsAt(body, "properties.networkAcls.ipRules")) {
    if (!isPublicRange(textAt(rule, "value") ?? "")) throw invalidValues("networkAcls.ipRule[*].value");
  }
}

/** Properties that can be set only when the account is created. */
const fixedProperties = [
  "isHnsEnabled",
  "isNfsV3Enabled",
  "dnsEndpointType",
  "encryption.requireInfrastructureEncryption",
  "immutableStorageWithVersioning.enabled",
] as const;

function checkUpdate({ existing, body }: PutContext): void {
  if (existing === undefined) return;
  for (const property of fixedProperties) {
    const asked = valueAt(body, `properties.${property}`);
    const stands = valueAt(existing.body, `properties.${property}`) ?? defaultOf(property);
    if (asked !== undefined && asked !== stands) cannotBeUpdated(property);
  }
  const [kindBefore, kind] = [textAt(existing.body, "kind"), textAt(body, "kind")];
  if (kind !== kindBefore && !(kind === "StorageV2" && (kindBefore === "Storage" || kindBefore === "BlobStorage"))) {
    cannotBeUpdated("kind");
  }
  if (skuFamily(textAt(existing.body, "sku.name")) !== skuFamily(textAt(body, "sku.name"))) cannotBeUpdated("sku");
}

function defaultOf(property: (typeof fixedProperties)[number]): boolean | string {
  return property === "dnsEndpointType" ? "Standard" : false;
}

/**
 * SKUs can change only within a family; LRS to ZRS requires a conversion request (azure-docs, redundancy-migration).
 */
function skuFamily(sku: string | undefined): string {
  if (sku?.startsWith("Premium_") === true) return sku;
  return sku?.includes("ZRS") === true ? "zone-redundant" : "locally redundant";
}

function complete({ body, existing, clock }: PutContext): { body: JsonObject; secrets: JsonObject } {
  const now = (existing === undefined ? clock.now() : new Date(existing.createdAt)).toISOString();
  const before = objectAt(existing?.body, "properties");
  const asked = objectAt(body, "properties");
  const service = { enabled: true, keyType: "Account", lastEnabledTime: now };
  const sku = objectAt(body, "sku");
  const premium = textAt(sku, "name")?.startsWith("Premium_") === true;
  const fixed = defined({ isHnsEnabled: before.isHnsEnabled, dnsEndpointType: before.dnsEndpointType });
  const properties: JsonObject = {
    ...(premium ? {} : { accessTier: "Hot" }),
    allowBlobPublicAccess: false,
    allowCrossTenantReplication: false,
    minimumTlsVersion: "TLS1_0",
    supportsHttpsTrafficOnly: true,
    ...fixed,
    ...asked,
    networkAcls: {
      bypass: "AzureServices",
      defaultAction: "Allow",
      virtualNetworkRules: [],
      ...objectAt(asked, "networkAcls"),
      ipRules: objectsAt(asked, "networkAcls.ipRules").map((rule) => ({ action: "Allow", ...rule })),
    },
    encryption: {
      keySource: "Microsoft.Storage",
      ...defined({
        requireInfrastructureEncryption: valueAt(before, "encryption.requireInfrastructureEncryption"),
      }),
      ...objectAt(asked, "encryption"),
      services: { blob: service, file: service },
    },
    creationTime: now,
    keyCreationTime: existing === undefined ? { key1: now, key2: now } : objectAt(before, "keyCreationTime"),
    primaryLocation: textAt(body, "location") ?? "",
    privateEndpointConnections: [],
    statusOfPrimary: "available",
  };
  const secrets = existing?.secrets ?? { key1: newKey(), key2: newKey() };
  const tier = premium ? "Premium" : "Standard";
  return { body: { ...body, sku: { ...sku, tier }, properties }, secrets };
}

/** "… is protected from deletion. The container(s) … have a locked immutability policy." (azure-powershell #26148). */
function refuseWhileLocked({ store, existing }: DeleteContext): void {
  const locked = containersOf(store, existing.id).filter(
    (container) => immutabilityOf(store, existing.id, container.name)?.locked === true,
  );
  if (locked.length > 0) {
    throw conflict(
      "AccountProtectedFromDeletion",
      `${existing.name} is protected from deletion. The container(s) ${locked.map(({ name }) => name).join(", ")} ` +
        "have a locked immutability policy.",
      { target: existing.id },
    );
  }
}

function listKeys({ resource }: ActionContext): ActionResult {
  const creation = objectAt(resource.body, "properties.keyCreationTime");
  const keys = ["key1", "key2"].map((keyName) => ({
    keyName,
    value: textAt(resource.secrets, keyName) ?? "",
    permissions: "FULL",
    creationTime: textAt(creation, keyName) ?? resource.createdAt,
  }));
  return { status: 200, body: { keys } };
}

function regenerateKey(context: ActionContext): ActionResult {
  const { resource, store, clock, body } = context;
  const keyName = textAt(body, "keyName");
  if (keyName !== "key1" && keyName !== "key2") throw invalidValues("keyName");
  const properties = objectAt(resource.body, "properties");
  const keyCreationTime = { ...objectAt(properties, "keyCreationTime"), [keyName]: clock.now().toISOString() };
  const written = store.put({
    ...resource,
    body: { ...resource.body, properties: { ...properties, keyCreationTime } },
    secrets: { ...resource.secrets, [keyName]: newKey() },
  });
  return listKeys({ ...context, resource: written });
}

function newKey(): string {
  return randomBytes(64).toString("base64");
}

function cannotBeUpdated(property: string): never {
  throw conflict(
    "AccountPropertyCannotBeUpdated",
    `The property '${property}' was specified in the input, but it cannot be updated as it is read-only. ` +
      "For more information, see - https://aka.ms/storageaccountupdate",
  );
}
