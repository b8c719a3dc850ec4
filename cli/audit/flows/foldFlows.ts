/** Folds the tuples of a connection into one row. */
import type { FlowRow } from "../trail/types.ts";
import { tcp, type FlowTuple } from "./flowTuple.ts";

/** A row that may still grow. */
interface Growing extends FlowRow {
  end: number;
  state: FlowRow["state"];
  bytes: number;
}

interface Open {
  readonly row: Growing;
  /** The times of its tuples. */
  readonly times: number[];
}

export interface FlowFoldOptions {
  /** Is called for each tuple that is not a duplicate, with the row it becomes part of. */
  readonly onTuple?: (row: FlowRow, tuple: FlowTuple) => void;
  /** How far apart two tuples of one row may be, in milliseconds. Default: any. */
  readonly mostApartMs?: number;
}

/**
 * Folds tuples into connections and returns each as one row once it has ended. Memory holds the open connections. Refused attempts
 * from one port form a row of their own. Tuples after an end, without a new begin, form another connection whose begin is unknown.
 *
 * The tuples of one network interface come in order of time, as in a flow log. In files that were joined, an hour may come before
 * an earlier one: the connection then has several rows, one for each part of it that is in order.
 */
export class FlowFold {
  readonly #open = new Map<string, Open>();
  readonly #onTuple: NonNullable<FlowFoldOptions["onTuple"]>;
  readonly #mostApartMs: number;

  constructor({ onTuple = () => undefined, mostApartMs = Infinity }: FlowFoldOptions = {}) {
    this.#onTuple = onTuple;
    this.#mostApartMs = mostApartMs;
  }

  /** @returns the rows that this tuple completes. */
  add(tuple: FlowTuple): FlowRow[] {
    const key = keyOf(tuple);
    const known = this.#open.get(key);
    if (known !== undefined && isKnown(known, tuple)) return [];
    const goesOn = known !== undefined && this.#isNext(known.row, tuple);
    const open = goesOn ? known : { row: rowOf(tuple), times: [] };
    open.times.push(tuple.at);
    if (goesOn) {
      open.row.end = tuple.at;
      open.row.bytes += tuple.bytes;
      open.row.state = tuple.state;
    }
    this.#onTuple(open.row, tuple);
    if (tuple.state === "E") this.#open.delete(key);
    else this.#open.set(key, open);
    return [...(known === undefined || goesOn ? [] : [known.row]), ...(tuple.state === "E" ? [open.row] : [])];
  }

  /** Returns the connections whose end was not read. */
  rest(): FlowRow[] {
    const rows = Array.from(this.#open.values(), ({ row }) => row);
    this.#open.clear();
    return rows;
  }

  #isNext({ end }: FlowRow, { at, state }: FlowTuple): boolean {
    return state !== "B" && at >= end && at - end <= this.#mostApartMs;
  }
}

/** Returns whether a tuple was already counted: a folder may hold two copies of one blob. */
function isKnown({ row, times }: Open, { at, state }: FlowTuple): boolean {
  return at === row.end ? state === row.state : at < row.end && times.includes(at);
}

/**
 * Returns the two ends of a connection, its rule and whether it was refused: no other connection has the same while it lasts.
 */
function keyOf({ sourceIp, sourcePort, vmIp, port, rule, group, state }: FlowTuple): string {
  return [sourceIp, sourcePort, vmIp, port, rule, group, state === "D"].join(" ");
}

function rowOf({ vmIp, port, sourceIp, sourcePort, at, rule, group, state, bytes }: FlowTuple): Growing {
  return {
    vmIp,
    port,
    sourceIp,
    sourcePort,
    protocol: tcp,
    start: at,
    end: at,
    rule,
    group,
    state,
    hasBegin: state === "B",
    bytes,
    intervalMs: 0,
  };
}
