/** Flows in the evidence store: each file is read once, into rows of a Parquet file. */
import type { Engine } from "../store/engine.ts";
import type { LogFile } from "../store/normalise.ts";
import { RowWriter, type FoundRow } from "../store/rowWriter.ts";
import type { Cell, ColumnType } from "../store/tableAppender.ts";
import { addressOf } from "../trail/addressRange.ts";
import type { FlowRow } from "../trail/types.ts";
import { readFlowFiles } from "./readFlows.ts";

/** A flow and what the trail compares. Only tuples of the same file are folded. */
const columns = {
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

type FlowColumn = keyof typeof columns;

/**
 * Returns a writer of flow logs, with one row per flow.
 * @param isOfFlows whether a file has only flows, so that all of its unreadable parts are reported. Default: every file. For
 * other files, only unreadable parts of a flow log are reported.
 */
export function flowWriter(engine: Engine, isOfFlows: (file: string) => boolean = () => true): RowWriter<FlowColumn> {
  return new RowWriter<FlowColumn>(engine, {
    log: "flows",
    columns,
    sortedBy: "Start",
    read: (file) => rowsOf(file, isOfFlows),
  });
}

/** Reads one file. Problems in the copy of a blob are reported under the name of the blob. */
async function* rowsOf(
  { path, name }: LogFile,
  isOfFlows: (file: string) => boolean,
): AsyncGenerator<FoundRow<FlowColumn>> {
  for await (const found of readFlowFiles([path])) {
    if ("flow" in found) yield { row: rowOf(found.flow) };
    else if ("otherLog" in found) yield found;
    else if ("wrong" in found) yield { unreadable: { ...found.wrong, file: name } };
    else if ("odd" in found) yield { aside: { ...found.odd, file: name } };
    else if ("passedOver" in found || !isOfFlows(name)) continue;
    else if ("aside" in found) yield { aside: { ...found.aside, file: name } };
    else yield { unreadable: { ...found.unreadable, file: name } };
  }
}

function rowOf(flow: FlowRow): Record<FlowColumn, Cell> {
  const { vmIp, port, sourceIp, sourcePort, start, end, rule, group, state, hasBegin, bytes, intervalMs } = flow;
  return {
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
    Bytes: bytes === null ? null : BigInt(bytes),
    Interval: BigInt(intervalMs),
  };
}
