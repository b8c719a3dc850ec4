/** Folds the tuples of a connection into one row. */
import type { FlowRow } from "../trail/types.ts";
import { tcp, type FlowTuple } from "./flowTuple.ts";

/** A row that may still grow. */
interface Growing extends FlowRow {
  start: number;
  hasBegin: boolean;
  end: number;
  state: FlowRow["state"];
  bytes: number;
}

/**
 * Folds tuples into connections and returns each as one row once it has ended. The tuples of one network interface must come in
 * order of time, as in a flow log. Memory holds the open connections. Refused attempts from one port form a row of their own.
 * Tuples after an end, without a new begin, form another connection whose begin is unknown.
 */
export class FlowFold {
  readonly #open = new Map<string, Growing>();
  readonly #onTuple: (row: FlowRow, tuple: FlowTuple) => void;

  /** @param onTuple is called for each tuple that is not a duplicate, with the row it becomes part of. */
  constructor(onTuple: (row: FlowRow, tuple: FlowTuple) => void = () => undefined) {
    this.#onTuple = onTuple;
  }

  /** @returns the rows that this tuple completes. */
  add(tuple: FlowTuple): FlowRow[] {
    const key = keyOf(tuple);
    const known = this.#open.get(key);
    if (known !== undefined && isItsBegin(known, tuple)) {
      known.start = tuple.at;
      known.hasBegin = true;
      known.bytes += tuple.bytes;
      this.#onTuple(known, tuple);
      return [];
    }
    if (known !== undefined && isKnown(known, tuple)) return [];
    const goesOn = known !== undefined && tuple.state !== "B";
    if (goesOn) {
      known.end = tuple.at;
      known.bytes += tuple.bytes;
      known.state = tuple.state;
      this.#onTuple(known, tuple);
    } else {
      const row = rowOf(tuple);
      this.#open.set(key, row);
      this.#onTuple(row, tuple);
    }
    return [...(known === undefined || goesOn ? [] : [known]), ...this.#ended(key, tuple)];
  }

  /** Returns the connections whose end was not read. */
  rest(): FlowRow[] {
    const rows = [...this.#open.values()];
    this.#open.clear();
    return rows;
  }

  #ended(key: string, { state }: FlowTuple): FlowRow[] {
    const row = this.#open.get(key);
    if (state !== "E" || row === undefined) return [];
    this.#open.delete(key);
    return [row];
  }
}

/** Returns whether a tuple is the begin that a row lacks, because a file has a later hour before it. */
function isItsBegin({ start, hasBegin }: FlowRow, tuple: FlowTuple): boolean {
  return !hasBegin && tuple.state === "B" && tuple.at < start;
}

/** Returns whether a tuple was already counted: a folder may hold two copies of one blob. */
function isKnown({ end, state }: FlowRow, tuple: FlowTuple): boolean {
  return tuple.at < end || (tuple.at === end && tuple.state === state);
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
