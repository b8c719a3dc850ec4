import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { openDatabase } from "../database.ts";
import { type JsonObject, parseJsonObject } from "./json.ts";
import type { Resource, ResourceStore } from "./resource.ts";
import { ResourceIndex } from "./resourceIndex.ts";

/** A durable table of small documents besides the resources: running operations, faults, registered providers. */
export interface Documents {
  get(key: string): JsonObject | undefined;
  put(key: string, value: JsonObject): void;
  delete(key: string): void;
  /** Returns all documents, ordered by key. */
  all(): { key: string; value: JsonObject }[];
}

/** The store of a sandbox: resources, and the documents of the control plane's parts, in one database. */
export interface SandboxStore extends ResourceStore {
  documents(collection: string): Documents;
  /**
   * Runs `work` atomically: if it throws, all its writes are undone, in memory and on disk. Nested calls join the outer
   * transaction. `work` must not be asynchronous, so that nothing else can run between its writes.
   */
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens or creates the store in `directory`. Reads are served from memory; every write is in the database before it
 * returns, so that nothing is lost if the process is killed.
 * @param clock source of `createdAt` and `changedAt`.
 */
export function openStore(directory: string, clock: { now(): Date } = { now: () => new Date() }): SandboxStore {
  mkdirSync(directory, { recursive: true });
  return openDatabase(storeFile(directory), (database) => {
    database.exec(`
      CREATE TABLE IF NOT EXISTS resources (key TEXT PRIMARY KEY, resource TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS documents (
        collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (collection, key)) WITHOUT ROWID;
    `);
    return new SqliteStore(database, clock);
  });
}

/** Returns the path of the store's database in the folder of a sandbox. */
export function storeFile(directory: string): string {
  return join(directory, "arm.db");
}

class SqliteStore implements SandboxStore {
  readonly #database: DatabaseSync;
  readonly #clock: { now(): Date };
  readonly #index = new ResourceIndex();
  readonly #write: StatementSync;
  readonly #erase: StatementSync;
  /** Undoes, in memory, the writes of the running transaction; undefined outside one. */
  #undo: (() => void)[] | undefined;

  constructor(database: DatabaseSync, clock: { now(): Date }) {
    this.#database = database;
    this.#clock = clock;
    this.#write = database.prepare("INSERT OR REPLACE INTO resources (key, resource) VALUES (?, ?)");
    this.#erase = database.prepare("DELETE FROM resources WHERE key = ?");
    for (const row of database.prepare("SELECT resource FROM resources").iterate()) {
      this.#index.add(JSON.parse(String(row.resource)) as Resource);
    }
  }

  get(id: string): Resource | undefined {
    return this.#index.get(id);
  }

  childrenOf(id: string, type?: string): Resource[] {
    return this.#index.below(id, type);
  }

  ofType(type: string): Resource[] {
    return this.#index.ofType(type);
  }

  all(): Resource[] {
    return this.#index.all();
  }

  put(resource: Pick<Resource, "id" | "type" | "name" | "body" | "secrets" | "state">): Resource {
    const before = this.#index.get(resource.id);
    const state = resource.state ?? before?.state;
    const now = this.#clock.now().toISOString();
    const written: Resource = {
      id: before?.id ?? resource.id,
      type: before?.type ?? resource.type,
      name: before?.name ?? resource.name,
      body: structuredClone(resource.body),
      ...(resource.secrets === undefined ? {} : { secrets: structuredClone(resource.secrets) }),
      ...(state === undefined ? {} : { state: structuredClone(state) }),
      etag: randomUUID(),
      createdAt: before?.createdAt ?? now,
      changedAt: now,
    };
    this.#write.run(keyOf(resource.id), JSON.stringify(written));
    this.#index.add(written);
    this.#undo?.push(() => {
      if (before === undefined) this.#index.remove(written.id);
      else this.#index.add(before);
    });
    return written;
  }

  delete(id: string): void {
    const before = this.#index.get(id);
    if (before === undefined) return;
    this.#erase.run(keyOf(id));
    this.#index.remove(id);
    this.#undo?.push(() => {
      this.#index.add(before);
    });
  }

  transaction<T>(work: () => T): T {
    if (this.#undo !== undefined) return work();
    const undo: (() => void)[] = [];
    this.#undo = undo;
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  documents(collection: string): Documents {
    const database = this.#database;
    const read = database.prepare("SELECT value FROM documents WHERE collection = ? AND key = ?");
    const write = database.prepare("INSERT OR REPLACE INTO documents (collection, key, value) VALUES (?, ?, ?)");
    const erase = database.prepare("DELETE FROM documents WHERE collection = ? AND key = ?");
    const list = database.prepare("SELECT key, value FROM documents WHERE collection = ? ORDER BY key");
    return {
      get: (key) => {
        const row = read.get(collection, key);
        return row === undefined ? undefined : parseJsonObject(String(row.value));
      },
      put: (key, value) => void write.run(collection, key, JSON.stringify(value)),
      delete: (key) => void erase.run(collection, key),
      all: () =>
        list.all(collection).map((row) => ({ key: String(row.key), value: parseJsonObject(String(row.value)) })),
    };
  }

  close(): void {
    this.#database.close();
  }
}

function keyOf(id: string): string {
  return id.toLowerCase();
}
