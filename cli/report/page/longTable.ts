/** A table that shows its first rows, and more on request. */
import { element } from "./dom.ts";
import { counted } from "./format.ts";

export interface LongTable<Row> {
  readonly caption: string;
  readonly headings: readonly string[];
  readonly rows: readonly Row[];
  readonly cells: (row: Row, index: number) => readonly (Node | string)[];
  /** Text if there are no rows. */
  readonly empty: string;
}

/** Number of rows shown at first, and added with each click. */
const [first, step] = [12, 100];

export function longTable<Row>({ caption, headings, rows, cells, empty }: LongTable<Row>): HTMLElement {
  if (rows.length === 0) return element("p", { class: "muted" }, empty);
  const body = element("tbody");
  const table = element(
    "table",
    {},
    element("caption", { class: "sr-only" }, caption),
    element("thead", {}, element("tr", {}, ...headings.map((title) => element("th", { scope: "col" }, title)))),
    body,
  );
  const more = element("button", { type: "button", class: "more" });
  let shown = 0;
  const grow = (): void => {
    const next = rows.slice(shown, shown === 0 ? first : shown + step);
    body.append(
      ...next.map((row, offset) =>
        element("tr", {}, ...cells(row, shown + offset).map((cell) => element("td", {}, cell))),
      ),
    );
    shown += next.length;
    more.textContent = `Show more (${counted(rows.length - shown, "further row")})`;
    more.hidden = shown >= rows.length;
  };
  more.addEventListener("click", grow);
  grow();
  return element("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": caption }, table, more);
}
