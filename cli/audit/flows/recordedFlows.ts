/** Flows with the records they were read from, which are the evidence. */
import type { RawEntry } from "../records/types.ts";
import type { Untold } from "../records/unreadableList.ts";
import { objectIn } from "../records/values.ts";
import type { FlowRow } from "../trail/types.ts";
import { flowsIn } from "./flowsIn.ts";
import { FlowFold } from "./foldFlows.ts";

export interface RecordedFlow {
  readonly flow: FlowRow;
  /**
   * In the order in which they were read. A flow log's record has the tuples of many connections: here it has only those of
   * this connection, and is otherwise unchanged.
   */
  readonly records: readonly RawEntry[];
}

/**
 * Returns the flows that are asked for. Unreadable entries are skipped.
 * @param entries records of a flow log, or rows of `NTANetAnalytics`, in order of time.
 * @param isAsked whether a flow is asked for, judged from its first tuple: its end, its last state and its total bytes are not
 * known yet.
 */
export async function* recordedFlows(
  entries: AsyncIterable<RawEntry | Untold>,
  isAsked: (flow: FlowRow) => boolean,
): AsyncGenerator<RecordedFlow> {
  const records = new Map<FlowRow, RawEntry[]>();
  const inEntry = new Map<FlowRow, Set<string>>();
  const fold = new FlowFold({
    onTuple: (flow, { text }) => {
      if (!records.has(flow)) {
        if (!isAsked(flow)) return;
        records.set(flow, []);
      }
      inEntry.set(flow, (inEntry.get(flow) ?? new Set()).add(text));
    },
  });
  const recorded = (flow: FlowRow): RecordedFlow[] => {
    const found = records.get(flow);
    records.delete(flow);
    return found === undefined ? [] : [{ flow, records: found }];
  };
  for await (const entry of entries) {
    if (!("value" in entry)) continue;
    const found = flowsIn(entry.value);
    if (!("rows" in found)) continue;
    const ended = found.tuples.flatMap((tuple) => fold.add(tuple));
    for (const [flow, texts] of inEntry) {
      records.get(flow)?.push({ ...entry, value: withTuples(entry.value, texts) ?? entry.value });
    }
    inEntry.clear();
    yield* found.rows.filter(isAsked).map((flow) => ({ flow, records: [entry] }));
    yield* ended.flatMap(recorded);
  }
  yield* fold.rest().flatMap(recorded);
}

/** The path to the tuples in a record. */
const path = ["flowrecords", "flows", "flowgroups", "flowtuples"];

/** Returns a part of a record with only these tuples; `undefined` if it has none of them. */
function withTuples(value: unknown, texts: ReadonlySet<unknown>, depth = 0): unknown {
  if (Array.isArray(value)) {
    const kept =
      depth === path.length
        ? value.filter((text) => texts.has(text))
        : value.map((part) => withTuples(part, texts, depth)).filter((part) => part !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  const isOnPath = (name: string): boolean => name.toLowerCase() === path[depth];
  const members = Object.entries(objectIn(value)).map(
    ([name, member]) => [name, isOnPath(name) ? withTuples(member, texts, depth + 1) : member] as const,
  );
  return members.some(([name, member]) => isOnPath(name) && member !== undefined)
    ? Object.fromEntries(members)
    : undefined;
}
