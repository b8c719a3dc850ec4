import type { DuckDBAppender, DuckDBType } from "@duckdb/node-api";
import type { AuditRecord } from "../records/types.ts";
import type { Engine, SqlValue } from "./engine.ts";
import { recordColumns } from "./facts.sql.ts";

/** Rows that DuckDB takes at once. */
const chunkRows = 2048;

/** Hands records over to the fold one by one. */
export class RecordLoader {
  readonly #engine: Engine;
  #appender: DuckDBAppender | undefined;
  #rows: SqlValue[][] = [];
  #count = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Records handed over so far. */
  get count(): number {
    return this.#count;
  }

  async add(record: AuditRecord): Promise<void> {
    this.#rows.push(rowOf(record));
    this.#count += 1;
    if (this.#rows.length === chunkRows) {
      await this.#write();
    }
  }

  /** Makes all records visible to the fold. */
  async finish(): Promise<void> {
    if (this.#rows.length > 0) {
      await this.#write();
    }
    this.#appender?.closeSync();
    this.#appender = undefined;
  }

  async #write(): Promise<void> {
    const { DuckDBDataChunk, BIGINT, INTEGER, VARCHAR } = await import("@duckdb/node-api");
    this.#appender ??= await this.#engine.appender("loaded");
    const types: Record<string, DuckDBType> = { BIGINT, INTEGER, VARCHAR };
    const chunk = DuckDBDataChunk.create(Object.values(recordColumns).map((type) => types[type] ?? VARCHAR));
    chunk.setRows(this.#rows);
    this.#appender.appendDataChunk(chunk);
    this.#rows = [];
  }
}

/** In the order of `recordColumns`. */
function rowOf(record: AuditRecord): SqlValue[] {
  const row: Record<keyof typeof recordColumns, SqlValue> = {
    time: BigInt(Date.parse(record.time)),
    tunnel: record.tunnelId,
    person: record.person,
    account: record.account,
    message: record.message,
    protocol: record.protocol,
    clientIp: record.clientIp,
    userAgent: record.userAgent,
    target: record.targetResourceId,
    targetIp: record.targetIp,
    bastion: record.bastionId,
    region: record.region,
    clientPort: record.clientPort,
    operation: record.operationName,
    resourceType: record.resourceType,
    sessionStart: instant(record.sessionStart),
    sessionEnd: instant(record.sessionEnd),
    duration: record.durationMs === null ? null : BigInt(Math.round(record.durationMs)),
  };
  return Object.keys(recordColumns).map((name) => row[name as keyof typeof row]);
}

function instant(text: string | null): bigint | null {
  return text === null ? null : BigInt(Date.parse(text));
}
