/** Flows in the evidence store: each file is read once, into rows of a Parquet file. */
import { Tally } from "../records/tally.ts";
import { UnreadableList, type Untold } from "../records/unreadableList.ts";
import type { Engine } from "../store/engine.ts";
import type { Found, LogFile } from "../store/normalise.ts";
import { textLiteral } from "../store/sqlText.ts";
import { addressOf } from "../trail/addressRange.ts";
import { shortId } from "../trail/shortId.ts";
import type { FlowRow } from "../trail/types.ts";
import { readFlowFiles, type SourceFlow } from "./readFlows.ts";

/** A flow with the number of the file that it is in, and what the trail compares. The tuples of one file are folded, and no others. */
const columns = {
  source: "INTEGER",
  FlowId: "VARCHAR",
  VmIp: "VARCHAR",
  Port: "INTEGER",
  SourceIp: "VARCHAR",
  SourcePort: "INTEGER",
  SourceAddress: "BIGINT",
  Start: "BIGINT",
  Finish: "BIGINT",
  Rule: "VARCHAR",
  Acl: "VARCHAR",
  State: "VARCHAR",
  HasBegin: "BOOLEAN",
  Bytes: "BIGINT",
  Interval: "BIGINT",
} as const;

/** Rows that DuckDB takes at once. */
const chunkRows = 2048;

const defined = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);

/** Reads flow logs into Parquet files with one row for each flow. */
export class FlowWriter {
  readonly log = "flows";
  readonly #engine: Engine;
  readonly #isOfFlows: (file: string) => boolean;

  /** @param isOfFlows whether what cannot be read of a file is told. Default: of all files; those of other logs are told by who reads them. */
  constructor(engine: Engine, isOfFlows: (file: string) => boolean = () => true) {
    this.#engine = engine;
    this.#isOfFlows = isOfFlows;
  }

  /** @param target is written anew. */
  async write(files: readonly LogFile[], target: string): Promise<Found> {
    const batch = await Batch.open(this.#engine);
    for (const [source, { path, name }] of files.entries()) {
      for await (const found of readFlowFiles([path])) {
        if ("unreadable" in found || "aside" in found) {
          if (this.#isOfFlows(name)) batch.take(named(found, name), source);
        } else {
          batch.take(found, source);
        }
      }
    }
    return await batch.finish(target);
  }
}

/** A copy of a blob is told by the blob's name. */
function named(found: Untold, file: string): Untold {
  return "aside" in found ? { aside: { ...found.aside, file } } : { unreadable: { ...found.unreadable, file } };
}

type Cell = string | number | bigint | boolean | null;

/** One Parquet file. */
class Batch {
  readonly #engine: Engine;
  readonly #append: (rows: Cell[][]) => void;
  readonly #close: () => void;
  readonly #list = new UnreadableList();
  readonly #otherLogs = new Tally();
  #rows: Cell[][] = [];
  #count = 0;

  private constructor(engine: Engine, append: (rows: Cell[][]) => void, close: () => void) {
    this.#engine = engine;
    this.#append = append;
    this.#close = close;
  }

  static async open(engine: Engine): Promise<Batch> {
    await engine.run(`CREATE OR REPLACE TABLE flowing (${defined.join(", ")})`);
    const { DuckDBDataChunk, BIGINT, BOOLEAN, INTEGER, VARCHAR } = await import("@duckdb/node-api");
    const types = Object.values(columns).map((type) => ({ BIGINT, BOOLEAN, INTEGER, VARCHAR })[type]);
    const appender = await engine.appender("flowing");
    const append = (rows: Cell[][]): void => {
      const chunk = DuckDBDataChunk.create(types);
      chunk.setRows(rows);
      appender.appendDataChunk(chunk);
    };
    return new Batch(engine, append, () => {
      appender.closeSync();
    });
  }

  /** @param source number of the file that it is in. */
  take(found: SourceFlow, source: number): void {
    if ("flow" in found) this.#add(found.flow, source);
    else if ("otherLog" in found) this.#otherLogs.add(found.otherLog);
    else if (!("passedOver" in found)) this.#list.add(found);
  }

  async finish(target: string): Promise<Found> {
    if (this.#rows.length > 0) this.#flush();
    this.#close();
    // A question for one time finds its rows together.
    const sorted = `FROM flowing ORDER BY "Start"`;
    await this.#engine.run(`COPY (${sorted}) TO ${textLiteral(target)} (FORMAT parquet, COMPRESSION zstd)`);
    await this.#engine.run("DROP TABLE flowing");
    const { places, unread } = this.#list;
    return { records: this.#count, unreadable: places, unread, otherLogs: this.#otherLogs.counts };
  }

  #add(flow: FlowRow, source: number): void {
    const { vmIp, port, sourceIp, sourcePort, start, end, rule, group, state, hasBegin, bytes, intervalMs } = flow;
    const cells: Readonly<Record<keyof typeof columns, Cell>> = {
      source,
      FlowId: shortId(vmIp, port, sourceIp, sourcePort, start),
      VmIp: vmIp,
      Port: port,
      SourceIp: sourceIp,
      SourcePort: sourcePort,
      SourceAddress: BigInt(addressOf(sourceIp)),
      Start: BigInt(start),
      Finish: BigInt(end),
      Rule: rule ?? "",
      Acl: group,
      State: state,
      HasBegin: hasBegin,
      Bytes: BigInt(bytes),
      Interval: BigInt(intervalMs),
    };
    this.#rows.push(Object.values(cells));
    this.#count += 1;
    if (this.#rows.length === chunkRows) this.#flush();
  }

  #flush(): void {
    this.#append(this.#rows);
    this.#rows = [];
  }
}
