/** Flows in the evidence store: each file is read once, into rows of a Parquet file. */
import { Tally } from "../records/tally.ts";
import { UnreadableList } from "../records/unreadableList.ts";
import type { Engine } from "../store/engine.ts";
import type { Found, LogFile } from "../store/normalise.ts";
import { textLiteral } from "../store/sqlText.ts";
import { type Cell, type ColumnType, TableAppender } from "../store/tableAppender.ts";
import { addressOf } from "../trail/addressRange.ts";
import { shortId } from "../trail/shortId.ts";
import type { FlowRow } from "../trail/types.ts";
import { readFlowFiles, type SourceFlow } from "./readFlows.ts";

/** A flow with the number of its file and what the trail compares. Only tuples of the same file are folded. */
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
} as const satisfies Readonly<Record<string, ColumnType>>;

const defined = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);

/** Reads flow logs into Parquet files with one row per flow. */
export class FlowWriter {
  readonly log = "flows";
  readonly #engine: Engine;
  readonly #isOfFlows: (file: string) => boolean;

  /**
   * @param isOfFlows whether a file has only flows, so that all of its unreadable parts are reported. Default: every file. For
   * other files, only unreadable parts of a flow log are reported.
   */
  constructor(engine: Engine, isOfFlows: (file: string) => boolean = () => true) {
    this.#engine = engine;
    this.#isOfFlows = isOfFlows;
  }

  /** Writes one Parquet file. @param target is overwritten. */
  async write(files: readonly LogFile[], target: string): Promise<Found> {
    const batch = await Batch.open(this.#engine);
    for (const [source, { path, name }] of files.entries()) {
      for await (const found of readFlowFiles([path])) {
        const isUntold = "unreadable" in found || "aside" in found;
        if (!isUntold || this.#isOfFlows(name)) batch.take(named(found, name), source);
      }
    }
    return await batch.finish(target);
  }
}

/** Reports a problem in the copy of a blob under the blob's name. */
function named(found: SourceFlow, file: string): SourceFlow {
  if ("aside" in found) return { aside: { ...found.aside, file } };
  if ("unreadable" in found) return { unreadable: { ...found.unreadable, file } };
  return "wrong" in found ? { wrong: { ...found.wrong, file } } : found;
}

/** One Parquet file. */
class Batch {
  readonly #engine: Engine;
  readonly #table: TableAppender;
  readonly #list = new UnreadableList();
  readonly #otherLogs = new Tally();
  #count = 0;

  private constructor(engine: Engine, table: TableAppender) {
    this.#engine = engine;
    this.#table = table;
  }

  static async open(engine: Engine): Promise<Batch> {
    await engine.run(`CREATE OR REPLACE TABLE flowing (${defined.join(", ")})`);
    return new Batch(engine, await TableAppender.open(engine, "flowing", Object.values(columns)));
  }

  /** @param source number of the file that has it. */
  take(found: SourceFlow, source: number): void {
    if ("flow" in found) this.#add(found.flow, source);
    else if ("otherLog" in found) this.#otherLogs.add(found.otherLog);
    else if ("wrong" in found) this.#list.add({ unreadable: found.wrong });
    else if (!("passedOver" in found)) this.#list.add(found);
  }

  async finish(target: string): Promise<Found> {
    this.#table.close();
    // Sorted by time, so that a query for one time finds its rows together.
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
    this.#table.add(Object.values(cells));
    this.#count += 1;
  }
}
