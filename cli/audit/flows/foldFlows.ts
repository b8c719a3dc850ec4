/** Folds the tuples of a connection into one row, as they come. */
import type { FlowRow } from "../trail/types.ts";
import { tcp, type FlowTuple } from "./flowTuple.ts";

/** A row that may still grow. */
interface Growing extends FlowRow {
  end: number;
  state: FlowRow["state"];
  bytes: number;
}

/**
 * Takes tuples in the order in which a flow log has them - of one interface by time - and gives each connection as one row once it
 * has ended. Memory holds the connections that are open. A refused connection is a row for each attempt from one port; what comes
 * after an end, without a begin, is a connection of its own whose begin is not known.
 */
export class FlowFold {
  readonly #open = new Map<string, Growing>();
  readonly #onTuple: (row: FlowRow, tuple: FlowTuple) => void;

  /** @param onTuple is told of each tuple that counts, with the row that it becomes part of. */
  constructor(onTuple: (row: FlowRow, tuple: FlowTuple) => void = () => undefined) {
    this.#onTuple = onTuple;
  }

  /** @returns the rows that are complete with this tuple. */
  add(tuple: FlowTuple): FlowRow[] {
    const key = keyOf(tuple);
    const known = this.#open.get(key);
    if (known !== undefined && isKnown(known, tuple)) return [];
    const goesOn = known !== undefined && tuple.state !== "B" && (tuple.state === "D") === (known.state === "D");
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

  /** The connections of which no end was read. */
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

/** Whether a tuple was counted already: a folder may hold two copies of one blob. */
function isKnown({ end, state }: FlowRow, tuple: FlowTuple): boolean {
  return tuple.at < end || (tuple.at === end && tuple.state === state);
}

/** The two ends of a connection, and the rule: while it lasts, no other one has them. */
function keyOf({ sourceIp, sourcePort, vmIp, port, rule, group }: FlowTuple): string {
  return [sourceIp, sourcePort, vmIp, port, rule, group].join(" ");
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
