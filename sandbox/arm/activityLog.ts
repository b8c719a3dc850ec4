import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { openDatabase } from "../database.ts";
import { makeEntry, type ActivityEntry, type ActivityRequest } from "./activityEntry.ts";
import { oldestEvent, parseActivityFilter, type FilterMember } from "./activityFilter.ts";
import { objectAt, textAt, parseJsonObject, type JsonObject } from "./json.ts";
import type { ActivityEvent } from "./activityEvent.ts";
import type { Clock } from "../clock.ts";
import { badRequest } from "./armError.ts";

export type { ActivityEntry, ActivityRequest } from "./activityEntry.ts";

/** The subscription's activity log. */
export interface ActivityLog {
  /** Records the event at the current time of the sandbox clock. Durable once it returns. */
  record(event: ActivityEvent, request?: ActivityRequest): ActivityEntry;
  /**
   * Calls `listener` with each event after it is recorded.
   * @returns a function that removes the listener.
   */
  onEvent(listener: (entry: ActivityEntry) => void): () => void;
  /**
   * Answers `GET .../providers/Microsoft.Insights/eventtypes/management/values` with `$filter`, `$select`,
   * `$skipToken`: the newest events first.
   * @param url URL of the request, from which `nextLink` is built.
   * @throws ArmError BadRequest for a filter that the activity log does not support.
   */
  list(url: URL): { value: JsonObject[]; nextLink?: string };
  close(): void;
}

const pageSize = 200;

/** SQL of each filter, on columns that hold lower case. */
const conditions: Readonly<Record<FilterMember, string>> = {
  resourcegroupname: "resourceGroup = ?",
  resourceuri: "resourceId = ?",
  // Used by `az monitor activity-log list --resource-id`.
  resourceid: "resourceId = ?",
  resourceprovider: "provider = ?",
  correlationid: "correlationId = ?",
  caller: "caller = ?",
  status: "status = ?",
  // Every management operation is in the channel Operation.
  eventchannels: "instr(?, 'operation') > 0",
};

/** Returns the path of the activity log's database in the folder of a sandbox. */
export function activityLogFile(directory: string): string {
  return join(directory, "activity.db");
}

/** Opens or creates the activity log in `directory`. Removes events older than 90 days, which Azure no longer keeps. */
export function openActivityLog(options: {
  directory: string;
  clock: Pick<Clock, "now">;
  tenantId: string;
}): ActivityLog {
  mkdirSync(options.directory, { recursive: true });
  const database = openDatabase(activityLogFile(options.directory), (opened) => {
    opened.exec(`
      CREATE TABLE IF NOT EXISTS events (
        sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, correlationId TEXT NOT NULL, resourceId TEXT NOT NULL,
        resourceGroup TEXT NOT NULL, provider TEXT NOT NULL, caller TEXT NOT NULL, status TEXT NOT NULL,
        wire TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS eventsByTime ON events (at);
      CREATE INDEX IF NOT EXISTS eventsByCorrelation ON events (correlationId);
    `);
    return opened;
  });
  database.prepare("DELETE FROM events WHERE at < ?").run(oldestEvent(options.clock.now()));
  const insert = database.prepare(
    "INSERT INTO events (at, correlationId, resourceId, resourceGroup, provider, caller, status, wire) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const listeners = new Set<(entry: ActivityEntry) => void>();
  return {
    record(event, request) {
      const entry = makeEntry(event, options.clock.now(), options.tenantId, request);
      insert.run(...columnsOf(entry), JSON.stringify(entry.wire));
      for (const listener of listeners) listener(entry);
      return entry;
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    list: (url) => listEvents(database, url, options.clock.now()),
    close() {
      listeners.clear();
      database.close();
    },
  };
}

function columnsOf({ eventTimestamp, wire }: ActivityEntry): string[] {
  const text = (member: string): string => (textAt(wire, member) ?? "").toLowerCase();
  const value = (member: string): string => (textAt(objectAt(wire, member), "value") ?? "").toLowerCase();
  return [
    eventTimestamp,
    text("correlationId"),
    text("resourceId"),
    text("resourceGroupName"),
    value("resourceProviderName"),
    text("caller"),
    value("status"),
  ];
}

function listEvents(database: DatabaseSync, url: URL, now: Date): { value: JsonObject[]; nextLink?: string } {
  const query = url.searchParams;
  const filter = parseActivityFilter(query.get("$filter"), now);
  const before = readSkipToken(query);
  const where = ["at >= ?", "at <= ?", "sequence < ?", ...filter.equal.map(({ member }) => conditions[member])];
  const values: SQLInputValue[] = [
    filter.from,
    filter.until ?? "9999",
    before,
    ...filter.equal.map(({ value }) => value.toLowerCase()),
  ];
  const rows = database
    .prepare(
      `SELECT sequence, wire FROM events WHERE ${where.join(" AND ")} ORDER BY sequence DESC LIMIT ${pageSize + 1}`,
    )
    .all(...values);
  const select = (query.get("$select") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const page = rows.slice(0, pageSize);
  const value = page.map((row) => selected(parseJsonObject(String(row.wire)), select));
  const last = page.at(-1);
  if (rows.length <= pageSize || last === undefined) return { value };
  const next = new URL(url);
  next.searchParams.delete("$skiptoken");
  next.searchParams.set("$skipToken", String(last.sequence));
  return { value, nextLink: next.href };
}

function readSkipToken(query: URLSearchParams): number {
  const token = query.get("$skipToken") ?? query.get("$skiptoken");
  if (token === null) return Number.MAX_SAFE_INTEGER;
  if (/^\d{1,15}$/.test(token)) return Number(token);
  throw badRequest("BadRequest", `The $skipToken '${token}' is invalid.`);
}

function selected(wire: JsonObject, select: readonly string[]): JsonObject {
  if (select.length === 0) return wire;
  return Object.fromEntries(Object.entries(wire).filter(([member]) => select.includes(member.toLowerCase())));
}
