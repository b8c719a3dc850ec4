/** The page's sessions as typed columns, with accessors. */
import { visible } from "@bastion-trail/core/rules/visible";
import { openForMs } from "../../audit/sessions/openFor.ts";
import type { TrailRule } from "../../audit/trail/types.ts";
import { textColumns, type PageData, type SessionColumns, type TextColumn } from "../pageData.ts";
import { vmsOfRules } from "./ruleVms.ts";
import { vmLabels } from "./vmLabels.ts";

/** Shown as a flag of known findings. */
export const acceptedFlag = "accepted";

/** A stretch of time, in milliseconds since the Unix epoch. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** `vmLabel`: the VM by a name that no other VM of the page has. */
export type ModelColumn = TextColumn | "vmLabel";

export interface Model {
  readonly data: PageData;
  /** The strings of `data`, and labels that are none of them. */
  readonly strings: readonly string[];
  readonly count: number;
  /** The requested time range. */
  readonly range: Stretch;
  /** Milliseconds since the Unix epoch. */
  readonly start: Float64Array;
  /**
   * End of the bar: the session's end. Without one, a failed login ends at once, an open session with the range, and any
   * other after as long as `trail --at` counts it.
   */
  readonly end: Float64Array;
  /** Whether a log has the session's end. */
  readonly hasEnd: (row: number) => boolean;
  /** Indexes of `verdicts`. */
  readonly verdict: Uint8Array;
  readonly port: Int32Array;
  readonly bytes: Float64Array;
  /** The flags of a session, and `accepted` if it is a known finding. */
  readonly flagsOf: (row: number) => readonly string[];
  /** Indexes of `requests`; -1 if there is none. */
  readonly request: Int32Array;
  /** Indexes of `allRules`; -1 if there is none. */
  readonly rule: Int32Array;
  /** `rules` and `otherRules` of `data`. */
  readonly allRules: readonly TrailRule[];
  /** The times of `grants` and `rules`; up to the end of the range if no log has the end. */
  readonly grants: readonly Stretch[];
  readonly rules: readonly Stretch[];
  /** Lower-case ARM ids of the VMs that each of `rules` is shown for. */
  readonly ruleVms: readonly ReadonlySet<string>[];
  /** Indexes of strings; -1 if there is none. */
  readonly texts: Readonly<Record<ModelColumn, Int32Array>>;
  /** The label of each VM, by its ARM id in lower case. */
  readonly vmLabels: ReadonlyMap<string, string>;
  /** A string with its invisible characters shown by their code. */
  readonly shown: (index: number) => string | null;
  readonly text: (row: number, column: ModelColumn) => string | null;
}

export function modelOf(data: PageData): Model {
  const { sessions } = data;
  const start = startsOf(sessions);
  const range = { from: Date.parse(data.about.from), to: Date.parse(data.about.to) };
  const latest = Math.min(range.to, Date.parse(data.about.generatedAt));
  const end = start.map((time, row) => {
    const length = sessions.length[row] ?? -1;
    if (length >= 0) return time + length;
    switch (data.strings[sessions.texts.state[row] ?? -1]) {
      case "closed": // A failed login.
        return time;
      case "unknown":
        return Math.max(time, Math.min(latest, time + openForMs));
      default:
        return Math.max(time, latest);
    }
  });
  const told = Object.fromEntries(
    textColumns.map((column) => [column, Int32Array.from(sessions.texts[column])]),
  ) as Record<TextColumn, Int32Array>;
  const labels = vmLabels(data);
  const { strings, vmLabel } = labelColumn(data.strings, told, labels);
  const texts = { ...told, vmLabel };
  const cache: (string | undefined)[] = [];
  const shown = (index: number): string | null => {
    const text = strings[index];
    return text === undefined ? null : (cache[index] ??= visible(text));
  };
  const model = {
    data,
    strings,
    count: sessions.count,
    range,
    start,
    end,
    hasEnd: (row: number) => (sessions.length[row] ?? -1) >= 0,
    verdict: Uint8Array.from(sessions.verdict),
    port: Int32Array.from(sessions.port),
    bytes: Float64Array.from(sessions.bytes),
    flagsOf: (row: number) => [
      ...(data.flagSets[sessions.flags[row] ?? -1] ?? []),
      ...(sessions.accepted[row] === undefined ? [] : [acceptedFlag]),
    ],
    request: Int32Array.from(sessions.request),
    rule: Int32Array.from(sessions.rule),
    allRules: [...data.rules, ...data.otherRules],
    grants: data.grants.map(({ from, until }) => ({ from: Date.parse(from), to: Date.parse(until) })),
    rules: data.rules.map(({ from, until }) => ({
      from: Date.parse(from),
      to: until === null ? Math.max(range.to, latest) : Date.parse(until),
    })),
    texts,
    vmLabels: labels,
    shown,
    text: (row: number, column: ModelColumn) => shown(texts[column][row] ?? -1),
  };
  return { ...model, ruleVms: vmsOfRules(model) };
}

/** Returns the index of each session's label, and the strings with the labels added. */
function labelColumn(
  strings: readonly string[],
  { vm, vmName }: Record<"vm" | "vmName", Int32Array>,
  labels: ReadonlyMap<string, string>,
): { readonly strings: readonly string[]; readonly vmLabel: Int32Array } {
  const all = [...strings];
  const ofVm = new Map<number, number>();
  const labelOf = (id: number, name: number): number => {
    const label = labels.get(strings[id]?.toLowerCase() ?? "");
    return label === undefined || label === strings[name] ? name : all.push(label) - 1;
  };
  const vmLabel = vm.map((id, row) => {
    const name = vmName[row] ?? -1;
    if (id === -1) return name;
    const index = ofVm.get(id) ?? labelOf(id, name);
    ofVm.set(id, index);
    return index;
  });
  return { strings: all, vmLabel };
}

function startsOf({ count, start }: SessionColumns): Float64Array {
  const starts = new Float64Array(count);
  let time = 0;
  for (let row = 0; row < count; row += 1) {
    time += start[row] ?? 0;
    starts[row] = time;
  }
  return starts;
}
