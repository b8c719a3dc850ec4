import ipaddr from "ipaddr.js";
import { flagAt, numberAt, objectsAt, textAt } from "../arm/json.ts";
import type { Resource, ResourceReader } from "../arm/resource.ts";
import { sameId } from "../arm/ids.ts";

const accountType = "Microsoft.Storage/storageAccounts";

/** The facts about a storage account resource that the blob service needs. */
export interface StorageAccountView {
  readonly id: string;
  readonly name: string;
  /** Base64; empty for an account that was not created by a PUT. */
  readonly keys: readonly string[];
  readonly allowSharedKeyAccess: boolean;
  readonly allowBlobPublicAccess: boolean;
  /** Whether the firewall allows public clients; `trustsAzureServices` decides for trusted services. */
  readonly defaultAction: "Allow" | "Deny";
  readonly allowedAddresses: readonly string[];
  /** Whether `networkAcls.bypass` includes `AzureServices` (azure-docs, storage-network-security). */
  readonly trustsAzureServices: boolean;
  readonly createdAt: string;
}

/** Returns all storage accounts of the sandbox, newest last. */
export function storageAccounts(store: ResourceReader): StorageAccountView[] {
  return store
    .ofType(accountType)
    .map(accountView)
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Returns the name of the newest account, except those of flow logs, which exist beside an archive. */
export function newestArchive(store: ResourceReader): string | undefined {
  const ofFlows = new Set(
    store
      .ofType("Microsoft.Network/networkWatchers/flowLogs")
      .map(({ body }) => textAt(body, "properties.storageId")?.toLowerCase()),
  );
  return storageAccounts(store).findLast(({ id }) => !ofFlows.has(id.toLowerCase()))?.name;
}

export function findAccount(store: ResourceReader, name: string): StorageAccountView | undefined {
  const resource = store.ofType(accountType).find((candidate) => candidate.name === name);
  return resource === undefined ? undefined : accountView(resource);
}

/** Whether the account's firewall allows a public client at this IPv4 address. */
export function admits(account: StorageAccountView, address: string): boolean {
  if (account.defaultAction === "Allow") return true;
  const client = ipaddr.process(address);
  return account.allowedAddresses.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range.includes("/") ? range : `${range}/32`);
    return client.kind() === network.kind() && client.match(network, bits);
  });
}

/** Time-based retention of a container (container-level WORM), if any. */
export interface ContainerImmutability {
  readonly locked: boolean;
  readonly days: number;
  readonly protectedAppend: boolean;
}

export function immutabilityOf(
  store: ResourceReader,
  accountId: string,
  container: string,
): ContainerImmutability | undefined {
  const body = store.get(`${containerId(accountId, container)}/immutabilityPolicies/default`)?.body;
  const days = numberAt(body, "properties.immutabilityPeriodSinceCreationInDays") ?? 0;
  if (days === 0) return undefined;
  return {
    locked: textAt(body, "properties.state") === "Locked",
    days,
    protectedAppend:
      flagAt(body, "properties.allowProtectedAppendWrites") === true ||
      flagAt(body, "properties.allowProtectedAppendWritesAll") === true,
  };
}

/** Returns the ARM id of a container. */
export function containerId(accountId: string, container: string): string {
  return `${accountId}/blobServices/default/containers/${container}`;
}

/** Returns the containers of an account that are ARM resources. */
export function containersOf(store: ResourceReader, accountId: string): Resource[] {
  return store
    .childrenOf(accountId, "Microsoft.Storage/storageAccounts/blobServices/containers")
    .filter((container) => sameId(container.id, containerId(accountId, container.name)));
}

function accountView({ id, name, body, secrets, createdAt }: Resource): StorageAccountView {
  const publicAccess = textAt(body, "properties.publicNetworkAccess") !== "Disabled";
  const denies = textAt(body, "properties.networkAcls.defaultAction") === "Deny";
  const rules = objectsAt(body, "properties.networkAcls.ipRules");
  const bypass = textAt(body, "properties.networkAcls.bypass") ?? "AzureServices";
  return {
    id,
    name,
    keys: [secrets?.key1, secrets?.key2].filter((key) => typeof key === "string"),
    allowSharedKeyAccess: flagAt(body, "properties.allowSharedKeyAccess") !== false,
    allowBlobPublicAccess: flagAt(body, "properties.allowBlobPublicAccess") === true,
    defaultAction: denies || !publicAccess ? "Deny" : "Allow",
    allowedAddresses: publicAccess ? rules.flatMap((rule) => textAt(rule, "value") ?? []) : [],
    trustsAzureServices: bypass.split(",").some((part) => part.trim() === "AzureServices"),
    createdAt,
  };
}
