import type { JoinedRow, RelationName, RelationRows } from "../../../../cli/audit/trail/relations.ts";
import { rowsOf, type Case } from "./cases.ts";
import { quiet } from "./relationRows.ts";

/*
 * An engine takes much longer to plan the query than to run it, so it gets as many cases at once as do not disturb each other: those
 * with the same rows in the relations without times, each ten days later.
 */

const apart = 10 * 86_400_000;
const times = ["Start", "Finish", "Seen", "From", "Until", "DoubtedFrom", "FlowFinish"];
const ids = ["Id", "GrantId", "RequestId", "RuleId", "FlowId"];
const timeless = ["hosts", "placements", "jitVms", "logged"] as const;

type Row = Readonly<Record<string, unknown>>;

/** Cases that share a data set, and the set. A case with a gap that lasts forever is alone. */
export interface MergedCases {
  readonly cases: readonly Case[];
  readonly rows: RelationRows;
}

export function mergedCases(cases: readonly Case[]): MergedCases[] {
  const sets = Map.groupBy(cases, (one) => (hasGapForever(one) ? one : JSON.stringify(timelessOf(one))));
  return [...sets.values()].map((set) => ({ cases: set, rows: set.length === 1 ? rowsOf(set[0]!) : mergedRows(set) }));
}

function mergedRows(cases: readonly Case[]): RelationRows {
  return Object.fromEntries(
    (Object.keys(quiet) as RelationName[]).map((name) => [
      name,
      timeless.some((one) => one === name)
        ? rowsOf(cases[0]!)[name]
        : cases.flatMap((one, index) => (rowsOf(one)[name] as readonly Row[]).map((row) => moved(row, index))),
    ]),
  ) as unknown as RelationRows;
}

/** What a join of merged cases said of each of them. */
export function separated({ cases }: MergedCases, rows: readonly JoinedRow[]): JoinedRow[][] {
  if (cases.length === 1) return [[...rows]];
  return cases.map((_, index) =>
    rows.filter(({ Id }) => Id.startsWith(`${index}.`)).map((row) => movedBack(row, index) as unknown as JoinedRow),
  );
}

function timelessOf(one: Case): Partial<RelationRows> {
  return Object.fromEntries(timeless.map((name) => [name, rowsOf(one)[name]]));
}

function hasGapForever({ rows: { gaps = [] } }: Case): boolean {
  return gaps.some(({ From }) => From <= 0);
}

function moved(row: Row, index: number): Row {
  return changed(row, (column, value) => {
    if (times.includes(column) && value !== 0) return (value as number) + index * apart;
    return ids.includes(column) && value !== "" ? `${index}.${String(value)}` : value;
  });
}

function movedBack(row: JoinedRow, index: number): Row {
  return changed({ ...row }, (column, value) => {
    if (times.includes(column) && value !== 0) return (value as number) - index * apart;
    if (column === "Candidates") return String(value).replaceAll(`:${index}.`, ":");
    return ids.includes(column) ? String(value).replace(`${index}.`, "") : value;
  });
}

function changed(row: Row, change: (column: string, value: unknown) => unknown): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, change(column, value)]));
}
