import { containersOf, findAccount, immutabilityOf } from "../blobs/accounts.ts";
import type { BlobService } from "../blobs/blobService.ts";
import { registerContainer } from "../blobs/containerResources.ts";
import { textAt, type JsonObject } from "../arm/json.ts";
import type { Clock } from "../clock.ts";
import type { Resource, ResourceStore } from "../arm/resource.ts";
import { categoriesOf } from "../arm/types/monitor/categories.ts";
import { enabledCategories, settingsOf, sinksOf } from "../arm/types/monitor/diagnosticSettings.ts";
import { BatchWriter } from "./batchWriter.ts";
import type { ActivityLogRecord, Delivery, LogRouter, ResourceLogRecord } from "./logRecords.ts";
import { blobPathOf } from "./blobPath.ts";
import { diagnosticsRow } from "./diagnosticsRow.ts";
import { LogTables } from "./logTables.ts";

export interface LogRouterOptions {
  /** The sandbox's folder, which contains the tables. */
  readonly directory: string;
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly blobs: BlobService;
  readonly subscriptionId: string;
  /** Called for a record that could not be written, which Azure would lose silently. */
  readonly onError?: (error: unknown) => void;
}

/** A record for one destination of one setting. */
interface Parcel {
  readonly delivery: Delivery;
  send(): Promise<void>;
}

/** The common parts of all destinations of one record. */
interface Shipment {
  readonly container: string;
  readonly blobOf: (receivedAt: Date) => string;
  readonly blobRecord: JsonObject;
  readonly rowOf: (setting: Resource) => { table: string; row: JsonObject };
}

/**
 * Creates a router that sends log records only according to the diagnostic settings deployed at that time. A record
 * that no setting selects is lost, as in Azure.
 */
export function createLogRouter(options: LogRouterOptions): LogRouter {
  const { store, clock, blobs, subscriptionId, onError = () => undefined } = options;
  const tables = new LogTables(options.directory);
  const writer = new BatchWriter(async (target, text) => {
    const [kind, first = "", second = "", ...rest] = target.split("\n");
    if (kind === "workspace") {
      await tables.append(first, second, text);
    } else {
      await blobs.append(first, second, rest.join("\n"), text);
    }
  });

  const toWorkspace = (workspaceId: string, { table, row }: { table: string; row: JsonObject }): Parcel => {
    const customerId = textAt(store.get(workspaceId)?.body, "properties.customerId");
    if (customerId === undefined) return refused("workspace", `The workspace ${workspaceId} does not exist.`);
    return {
      delivery: { sink: "workspace", workspaceId, table },
      send: () => writer.add(`workspace\n${customerId}\n${table}`, line({ ...row, TenantId: customerId })),
    };
  };

  const toStorage = (accountId: string, { container, blobOf, blobRecord }: Shipment): Parcel => {
    const refusal = storageRefusal(store, accountId, container);
    if (refusal !== undefined) return refused("storage", refusal);
    const name = store.get(accountId)?.name ?? "";
    const blob = blobOf(clock.now());
    return {
      delivery: { sink: "storage", accountId, container, blob },
      async send() {
        if (!containersOf(store, accountId).some((existing) => existing.name === container)) {
          await blobs.createContainer(name, container);
          registerContainer(store, accountId, container, clock.now());
        }
        await writer.add(`storage\n${name}\n${container}\n${blob}`, line(blobRecord));
      },
    };
  };

  const underWay = new Set<Promise<void>>();
  const ship = async (settings: readonly Resource[], shipment: Shipment): Promise<Delivery[]> => {
    const parcels = settings.flatMap((setting) =>
      sinksOf(setting.body).map(({ sink, id }) =>
        sink === "workspaceId" ? toWorkspace(id, shipment.rowOf(setting)) : toStorage(id, shipment),
      ),
    );
    const send = async (): Promise<void> => {
      for (const result of await Promise.allSettled(parcels.map((parcel) => parcel.send()))) {
        if (result.status === "rejected") onError(result.reason);
      }
    };
    const sending = send().finally(() => underWay.delete(sending));
    underWay.add(sending);
    await sending;
    return parcels.map(({ delivery }) => delivery);
  };

  return {
    async sendResourceLog(record: ResourceLogRecord) {
      const settings = settingsOf(store, record.resourceId).filter((setting) =>
        asksFor(setting, record.category, store.get(record.resourceId)),
      );
      return await ship(settings, {
        container: `insights-logs-${record.category.toLowerCase()}`,
        blobOf: (receivedAt) => blobPathOf(record.resourceId, receivedAt),
        blobRecord: record.blobRecord,
        rowOf: (setting) =>
          textAt(setting.body, "properties.logAnalyticsDestinationType") === "Dedicated"
            ? { table: record.table, row: record.row }
            : { table: "AzureDiagnostics", row: diagnosticsRow(record) },
      });
    },
    async sendActivity(record: ActivityLogRecord) {
      const scope = `/subscriptions/${subscriptionId}`;
      const settings = settingsOf(store, scope).filter((setting) => asksFor(setting, record.category, undefined));
      return await ship(settings, {
        container: "insights-activity-logs",
        blobOf: (receivedAt) => blobPathOf(scope, receivedAt),
        blobRecord: record.blobRecord,
        rowOf: () => ({ table: "AzureActivity", row: record.row }),
      });
    },
    async settle() {
      while (underWay.size > 0) {
        await Promise.all(underWay);
      }
    },
  };
}

/** Whether a setting has the category enabled, directly or through a group. Audit logs belong to both groups. */
function asksFor(setting: Resource, category: string, resource: Resource | undefined): boolean {
  const enabled = enabledCategories(setting.body);
  const groups = categoriesOf(resource).groups;
  return enabled.includes(category) || groups.some((group) => enabled.includes(group));
}

/**
 * Returns why Azure Monitor could not write to the storage account, if so (diagnostic-settings.md;
 * immutable-storage-overview).
 */
function storageRefusal(store: ResourceStore, accountId: string, container: string): string | undefined {
  const resource = store.get(accountId);
  const account = resource === undefined ? undefined : findAccount(store, resource.name);
  if (account === undefined) return `The storage account ${accountId} does not exist.`;
  if (account.defaultAction === "Deny" && !account.trustsAzureServices) {
    return `The firewall of ${account.name} does not let trusted Microsoft services in (networkAcls.bypass).`;
  }
  const policy = immutabilityOf(store, accountId, container);
  return policy !== undefined && !policy.protectedAppend
    ? `The immutability policy of ${account.name}/${container} does not allow protected append writes.`
    : undefined;
}

function refused(sink: "storage" | "workspace", reason: string): Parcel {
  return { delivery: { sink, refused: reason }, send: () => Promise.resolve() };
}

function line(record: JsonObject): string {
  return `${JSON.stringify(record)}\n`;
}
