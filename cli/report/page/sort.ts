/** The order of the table's rows. */
import type { TextColumn } from "../pageData.ts";
import type { Model } from "./model.ts";

export type SortKey = "verdict" | "start" | "length" | "person" | "vm" | "port" | "clientIp" | "link" | "flags";

/** What needs a look comes first. */
const severity = [5, 3, 2, 0, 1, 4];

const textOf: Partial<Record<SortKey, TextColumn>> = {
  person: "person",
  vm: "vmName",
  clientIp: "clientIp",
  link: "link",
};

/** @param rows by start, which decides between equals. */
export function sorted(model: Model, rows: Int32Array, key: SortKey, isDescending: boolean): Int32Array {
  const value = valueOf(model, key);
  if (value === undefined) return isDescending ? rows.toReversed() : rows;
  const values = new Float64Array(model.count);
  for (const row of rows) values[row] = value(row);
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((one, other) => sign * ((values[one] ?? 0) - (values[other] ?? 0)) || one - other);
}

/** `undefined` where the rows are in this order already. */
function valueOf(model: Model, key: SortKey): ((row: number) => number) | undefined {
  switch (key) {
    case "start":
      return undefined;
    case "verdict":
      return (row) => severity[model.verdict[row] ?? -1] ?? severity.length;
    case "length":
      return (row) => (model.end[row] ?? 0) - (model.start[row] ?? 0);
    case "port":
      return (row) => model.port[row] ?? -1;
    case "flags":
      // Sessions with a flag come first.
      return (row) => -(model.data.flagSets[model.flags[row] ?? -1]?.length ?? 0);
    default:
      return byText(model, model.texts[textOf[key] ?? "id"]);
  }
}

/** Texts have a rank, so that each is compared with others once, and not again for each session. */
function byText(model: Model, column: Int32Array): (row: number) => number {
  const used = [...new Set(column)];
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  // What is not known comes last.
  const order = used.sort((one, other) =>
    one === -1 || other === -1 ? other - one : compare(model.shown(one) ?? "", model.shown(other) ?? ""),
  );
  const rank = new Map(order.map((index, place) => [index, place]));
  return (row) => rank.get(column[row] ?? -1) ?? order.length;
}
