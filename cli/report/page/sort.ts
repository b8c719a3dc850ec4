/** The order of the table's rows. */
import type { Model, ModelColumn } from "./model.ts";

export type SortKey =
  "verdict" | "start" | "length" | "person" | "vm" | "requestedBy" | "port" | "clientIp" | "link" | "flags";

/** Rank of each verdict. Findings come first. */
const severity = [5, 3, 2, 0, 1, 4];

const textOf: Partial<Record<SortKey, ModelColumn>> = {
  person: "person",
  vm: "vmLabel",
  clientIp: "clientIp",
  link: "link",
};

/** @param rows in order of start, which breaks ties. */
export function sorted(model: Model, rows: Int32Array, key: SortKey, isDescending: boolean): Int32Array {
  const value = valueOf(model, key);
  if (value === undefined) return isDescending ? rows.toReversed() : rows;
  const values = new Float64Array(model.count);
  for (const row of rows) values[row] = value(row);
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((one, other) => sign * ((values[one] ?? 0) - (values[other] ?? 0)) || one - other);
}

/** `undefined` if the rows are already in this order. */
function valueOf(model: Model, key: SortKey): ((row: number) => number) | undefined {
  switch (key) {
    case "start":
      return undefined;
    case "verdict":
      return (row) => severity[model.verdict[row] ?? -1] ?? severity.length;
    case "length":
      return (row) => (model.end[row] ?? 0) - (model.start[row] ?? 0);
    case "requestedBy":
      return byText(model.request, (index) => model.data.requests[index]?.by ?? null);
    case "port":
      return (row) => model.port[row] ?? -1;
    case "flags":
      // Sessions with a flag come first.
      return (row) => -model.flagsOf(row).length;
    default:
      return byText(model.texts[textOf[key] ?? "id"], model.shown);
  }
}

/**
 * Ranks the texts, so that each distinct text is compared only once instead of for each session.
 * @param column indexes of texts; -1 if there is none.
 */
function byText(column: Int32Array, textAt: (index: number) => string | null): (row: number) => number {
  const used = [...new Set(column)];
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  // Unknown values come last.
  const order = used.sort((one, other) =>
    one === -1 || other === -1 ? other - one : compare(textAt(one) ?? "", textAt(other) ?? ""),
  );
  const rank = new Map(order.map((index, place) => [index, place]));
  return (row) => rank.get(column[row] ?? -1) ?? order.length;
}
