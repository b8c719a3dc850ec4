/** Totals of the sessions in view by person and by VM. */
import type { Model, ModelColumn } from "./model.ts";
import { verdicts } from "./verdicts.ts";

export interface Total {
  readonly name: string;
  readonly sessions: number;
  /** By index of the verdict. */
  readonly byVerdict: Uint32Array;
  /** Sessions with a finding. */
  readonly findings: number;
  /** Total duration in milliseconds of the sessions with a known end. */
  readonly length: number;
}

/** Sorted by findings, then by sessions, in descending order. */
export function totalsOf(model: Model, rows: Int32Array, column: ModelColumn): Total[] {
  const indexes = model.texts[column];
  const groups = Map.groupBy(rows, (row) => model.shown(indexes[row] ?? -1)?.toLowerCase() ?? "");
  return Array.from(groups.values(), (own) => totalOf(model, own, column)).sort(
    (one, other) =>
      other.findings - one.findings || other.sessions - one.sessions || one.name.localeCompare(other.name),
  );
}

/** The number of sessions with each verdict. */
export function countVerdicts(model: Model, rows: Iterable<number>): Uint32Array {
  const counts = new Uint32Array(verdicts.length);
  for (const row of rows) {
    const verdict = model.verdict[row] ?? 0;
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
}

function totalOf(model: Model, rows: readonly number[], column: ModelColumn): Total {
  const byVerdict = countVerdicts(model, rows);
  const findings = verdicts.reduce((sum, { isFinding }, index) => sum + (isFinding ? (byVerdict[index] ?? 0) : 0), 0);
  const ended = rows.filter(model.hasEnd);
  const length = ended.reduce((sum, row) => sum + (model.end[row] ?? 0) - (model.start[row] ?? 0), 0);
  const [first = -1] = rows;
  return { name: model.text(first, column) ?? "", sessions: rows.length, byVerdict, findings, length };
}
