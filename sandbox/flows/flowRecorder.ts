import { ownerIdOf } from "../arm/ids.ts";
import type { Clock } from "../clock.ts";
import { textAt, type JsonObject } from "../arm/json.ts";
import type { Resource, ResourceStore } from "../arm/resource.ts";
import { enabledFlowLogs, trafficAnalyticsOf } from "../arm/types/network/flowLogs.ts";
import type { BlobService } from "../blobs/blobService.ts";
import { registerContainer } from "../blobs/containerResources.ts";
import { BatchWriter } from "../logs/batchWriter.ts";
import { LogTables } from "../logs/logTables.ts";
import { noTraffic, trafficOf, type Connection, type Tuple } from "./connection.ts";
import { flowBlobPath, flowLogContainer, flowRecord, writableAccount } from "./flowBlobs.ts";
import { analyticsRow, flowTable, sumFlows } from "./trafficAnalytics.ts";

/** A durable table of small documents, stored beside the resources. */
export interface FlowDocuments {
  put(key: string, value: JsonObject): void;
  delete(key: string): void;
  all(): { key: string; value: JsonObject }[];
}

export interface FlowRecorderOptions {
  /** The sandbox's folder, which contains the tables. */
  readonly directory: string;
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly blobs: BlobService;
  /** For example `store.documents("flows")`. */
  readonly documents: FlowDocuments;
  /** Called for records that could not be written, which Azure would lose silently. */
  readonly onError: (error: unknown) => void;
}

/**
 * The part of Network Watcher that records connections to VMs: it writes them to the flow logs enabled at that time.
 */
export interface FlowRecorder {
  /** Records a connection admitted at the given time. Until `end`, a tuple is written every five minutes. */
  begin(key: string, connection: Connection, at: Date): Promise<void>;
  end(key: string): Promise<void>;
  /** Records a connection that was admitted and ended after a moment: a failed login. */
  brief(connection: Connection, durationMs: number): Promise<void>;
  refuse(connection: Connection): Promise<void>;
  /** Continues the connections that were open when the sandbox stopped. */
  resume(): void;
}

/** Continuing flows are logged every five minutes (vnet-flow-logs-overview.md). */
const continuesEveryMs = 5 * 60_000;

/** An open connection. */
interface Open {
  readonly connection: Connection;
  /** Time of its last tuple, in milliseconds since the Unix epoch. */
  readonly lastAt: number;
}

export function createFlowRecorder({
  directory,
  store,
  clock,
  blobs,
  documents,
  onError,
}: FlowRecorderOptions): FlowRecorder {
  const tables = new LogTables(directory);
  const writer = new BatchWriter(async (target, text) => {
    const [account = "", ...blob] = target.split("\n");
    const records = text.trimEnd().split("\n").join(",");
    await blobs.addRecords(account, flowLogContainer, blob.join("\n"), records);
  });
  const open = new Map(documents.all().map(({ key, value }): [string, Open] => [key, value as unknown as Open]));
  const analytics = new AnalyticsBook(clock, async (flowLog, rows) => {
    const workspace = store.get(trafficAnalyticsOf(flowLog.body)?.workspaceId ?? "");
    const customerId = textAt(workspace?.body, "properties.customerId");
    if (customerId === undefined) return;
    await tables.append(customerId, flowTable, rows.map((row) => lineOf({ ...row, TenantId: customerId })).join(""));
  });

  const writeTo = async (flowLog: Resource, connection: Connection, tuple: Tuple): Promise<void> => {
    const account = writableAccount(store, flowLog);
    if (account === undefined) return;
    await blobs.createContainer(account.name, flowLogContainer);
    registerContainer(store, account.id, flowLogContainer, clock.now());
    const blob = flowBlobPath(flowLog.id, connection.macAddress, new Date(tuple.at));
    await writer.add(`${account.name}\n${blob}`, lineOf(flowRecord(flowLog, connection, tuple)));
    analytics.see(flowLog, connection, tuple);
  };
  const write = async (connection: Connection, tuple: Tuple): Promise<void> => {
    const targets = [connection.nicId, connection.subnetId, ownerIdOf(connection.subnetId)];
    for (const flowLog of enabledFlowLogs(store, targets)) {
      try {
        await writeTo(flowLog, connection, tuple);
      } catch (error) {
        onError(error);
      }
    }
  };

  const keep = (key: string, state: Open): void => {
    open.set(key, state);
    documents.put(key, state as unknown as JsonObject);
  };
  const continueLater = (key: string, { lastAt }: Open): void => {
    clock.schedule(new Date(lastAt + continuesEveryMs), async () => {
      const state = open.get(key);
      if (state?.lastAt !== lastAt) return;
      await advance(key, state, "C", lastAt + continuesEveryMs);
    });
  };
  const advance = async (key: string, { connection, lastAt }: Open, state: "C" | "E", at: number): Promise<void> => {
    if (state === "C") {
      const next = { connection, lastAt: at };
      keep(key, next);
      continueLater(key, next);
    } else {
      open.delete(key);
      documents.delete(key);
    }
    await write(connection, { at, state, traffic: trafficOf(connection, lastAt, at) });
  };

  return {
    async begin(key, connection, start) {
      const at = start.getTime();
      const state = { connection, lastAt: at };
      keep(key, state);
      continueLater(key, state);
      await write(connection, { at, state: "B", traffic: noTraffic });
    },
    async end(key) {
      const state = open.get(key);
      if (state !== undefined) await advance(key, state, "E", clock.now().getTime());
    },
    async brief(connection, durationMs) {
      const at = clock.now().getTime();
      await write(connection, { at, state: "B", traffic: noTraffic });
      const end = at + durationMs;
      await write(connection, { at: end, state: "E", traffic: trafficOf(connection, at, end) });
    },
    async refuse(connection) {
      await write(connection, { at: clock.now().getTime(), state: "D", traffic: noTraffic });
    },
    resume() {
      for (const [key, state] of open) continueLater(key, state);
    },
  };
}

/**
 * Flows that Traffic Analytics has read but not aggregated yet. They are lost if the sandbox stops, as in a failed run
 * of the service.
 */
class AnalyticsBook {
  readonly #clock: Clock;
  readonly #deliver: (flowLog: Resource, rows: readonly JsonObject[]) => Promise<void>;
  readonly #seen = new Map<string, (readonly [Connection, Tuple])[]>();

  constructor(clock: Clock, deliver: (flowLog: Resource, rows: readonly JsonObject[]) => Promise<void>) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  see(flowLog: Resource, connection: Connection, tuple: Tuple): void {
    const minutes = trafficAnalyticsOf(flowLog.body)?.intervalMinutes;
    if (minutes === undefined) return;
    const length = minutes * 60_000;
    const from = tuple.at - (tuple.at % length);
    const key = `${flowLog.id.toLowerCase()} ${from}`;
    const known = this.#seen.get(key);
    if (known !== undefined) {
      known.push([connection, tuple]);
      return;
    }
    this.#seen.set(key, [[connection, tuple]]);
    const interval = { from, to: from + length };
    this.#clock.schedule(new Date(interval.to), async () => {
      const sums = sumFlows(this.#seen.get(key) ?? []);
      this.#seen.delete(key);
      await this.#deliver(
        flowLog,
        sums.map((sum) => analyticsRow(flowLog, sum, interval)),
      );
    });
  }
}

function lineOf(value: JsonObject): string {
  return `${JSON.stringify(value)}\n`;
}
