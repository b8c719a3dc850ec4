/** Flows with the records they were read from, which are the evidence. */
import type { RawEntry } from "../records/types.ts";
import type { Untold } from "../records/unreadableList.ts";
import { objectIn } from "../records/values.ts";
import type { FlowRow } from "../trail/types.ts";
import { hourMs } from "../../time.ts";
import { flowsIn } from "./flowsIn.ts";
import { FlowFold } from "./foldFlows.ts";

export interface RecordedFlow {
  readonly flow: FlowRow;
  /**
   * In order of time. A flow log's record has the tuples of many connections: here it has only those of
   * this connection, and is otherwise unchanged.
   */
  readonly records: readonly RawEntry[];
}

/** The flows whose records are wanted. */
export interface AskedFlows {
  /** Whether a flow is wanted, by its first tuple: its end, its last state and its total bytes are not known yet. */
  isAsked(flow: FlowRow): boolean;
  /** Whether a part of a connection, without its begin, may be of one that is wanted. */
  mayGoOn(flow: FlowRow): boolean;
}

/**
 * Returns the flows that are asked for. Unreadable entries are skipped.
 * @param entries records of a flow log, or rows of `NTANetAnalytics`, in order of time. In a file that was joined, an hour may come
 * before an earlier one.
 */
export async function* recordedFlows(
  entries: AsyncIterable<RawEntry | Untold>,
  asked: AskedFlows,
): AsyncGenerator<RecordedFlow> {
  const records = new Map<FlowRow, RawEntry[]>();
  const inEntry = new Map<FlowRow, Set<string>>();
  const fold = new FlowFold({
    mostApartMs: hourMs,
    onTuple: (flow, { text }) => {
      if (!records.has(flow)) {
        if (!(isPart(flow) ? asked.mayGoOn(flow) : asked.isAsked(flow))) return;
        records.set(flow, []);
      }
      inEntry.set(flow, (inEntry.get(flow) ?? new Set()).add(text));
    },
  });
  for await (const entry of entries) {
    if (!("value" in entry)) continue;
    const found = flowsIn(entry.value);
    if (!("rows" in found)) continue;
    const ended = found.tuples.flatMap((tuple) => fold.add(tuple));
    for (const [flow, texts] of inEntry) {
      records.get(flow)?.push({ ...entry, value: withTuples(entry.value, texts) ?? entry.value });
    }
    inEntry.clear();
    yield* found.rows.filter((flow) => asked.isAsked(flow)).map((flow) => ({ flow, records: [entry] }));
    for (const flow of ended.filter(isWhole)) {
      const own = records.get(flow);
      if (records.delete(flow) && own !== undefined) yield { flow, records: own };
    }
  }
  const parts = Array.from(records, ([flow, own]): RecordedFlow => ({ flow, records: own }));
  yield* [...Map.groupBy(parts, keyOf).values()].flatMap(joined);
}

/** Whether its begin was not read. */
function isPart({ hasBegin, state }: FlowRow): boolean {
  return !hasBegin && state !== "D";
}

/** Whether no further part can belong to it. */
function isWhole({ hasBegin, state }: FlowRow): boolean {
  return state === "D" || (hasBegin && state === "E");
}

/**
 * Joins the parts of connections, as `storedFlows` does.
 * @param parts all of one rule, between the same two ends.
 */
function joined(parts: readonly RecordedFlow[]): RecordedFlow[] {
  const inOrder = parts.toSorted(({ flow: one }, { flow: other }) => one.start - other.start || other.end - one.end);
  const connections: RecordedFlow[] = [];
  for (const part of inOrder) {
    const last = connections.at(-1);
    // A folder may hold two copies of one blob.
    if (last !== undefined && part.flow.end <= last.flow.end) continue;
    if (last === undefined || !isPart(part.flow) || isWhole(last.flow)) {
      connections.push(part);
      continue;
    }
    const { end, state, bytes } = part.flow;
    const flow = { ...last.flow, end, state, bytes: (last.flow.bytes ?? 0) + (bytes ?? 0) };
    connections.splice(-1, 1, { flow, records: [...last.records, ...part.records] });
  }
  return connections.filter(({ flow }) => !isPart(flow));
}

function keyOf({ flow: { sourceIp, sourcePort, vmIp, port, rule, group, state } }: RecordedFlow): string {
  return [sourceIp, sourcePort, vmIp, port, rule, group, state === "D"].join(" ");
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
