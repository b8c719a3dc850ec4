/**
 * The sessions as a table, the counterpart of the timeline for keyboards and screen readers. Only the rows in view
 * exist as elements. Each line has its own layout, so that one that comes into view does not trigger a layout of the
 * others; ARIA roles keep it a table for screen readers.
 */
import { element, found, oncePerFrame } from "./dom.ts";
import { counted } from "./format.ts";
import { sorted, type SortKey } from "./sort.ts";
import type { Store } from "./state.ts";
import { columns } from "./tableColumns.ts";
import { verdictMark } from "./verdictMark.ts";

/** Number of rows kept above and below those in view. */
const spare = 4;
/** Maximum number of printed rows. A filter selects others. */
const printed = 2000;

export class SessionTable {
  readonly #store: Store;
  readonly #scroller = found("table-scroller", HTMLElement);
  readonly #table = found("sessions-table", HTMLTableElement);
  readonly #body = element("tbody", { role: "rowgroup" });
  #slots: { readonly line: HTMLTableRowElement; index: number }[] = [];
  #rows: Int32Array;
  #sort: { key: SortKey; isDescending: boolean } = { key: "start", isDescending: false };
  /** Index of the row with the keyboard focus. */
  #current = 0;
  #isPrinting = false;
  /** Height of a line in pixels, as in page.css. */
  #rowHeight = 0;

  constructor(store: Store) {
    this.#store = store;
    this.#rows = store.state.rows;
    this.#table.append(this.#head(), this.#body);
    const draw = oncePerFrame(() => {
      this.#draw();
    });
    this.#scroller.addEventListener("scroll", draw, { passive: true });
    new ResizeObserver(() => {
      this.#measure();
    }).observe(this.#scroller);
    this.#scroller.addEventListener("keydown", (event) => {
      this.#onKey(event);
    });
    this.#body.addEventListener("click", (event) => {
      const line = event.target instanceof Element ? event.target.closest("tr") : null;
      const slot = this.#slots.find((one) => one.line === line);
      if (slot !== undefined) this.#open(slot.index);
    });
    window.addEventListener("beforeprint", () => {
      this.#print(true);
    });
    window.addEventListener("afterprint", () => {
      this.#print(false);
    });
    store.listen((state, change) => {
      if (change === "rows") this.#setRows(state.rows);
      if (change === "selected") this.#mark(state.selected);
    });
    this.#measure();
    this.#setRows(store.state.rows);
  }

  /** Returns the keyboard focus to the table, after the details were closed. */
  focus(): void {
    this.#scroller.focus({ preventScroll: true });
  }

  #head(): HTMLTableSectionElement {
    const cells = columns.map(({ key, title }) => {
      const button = element("button", { type: "button" }, title);
      button.addEventListener("click", () => {
        this.#sort = { key, isDescending: this.#sort.key === key && !this.#sort.isDescending };
        this.#setRows(this.#store.state.rows);
      });
      return element("th", { scope: "col", role: "columnheader", class: `column-${key}`, "data-key": key }, button);
    });
    return element("thead", { role: "rowgroup" }, element("tr", { role: "row", "aria-rowindex": 1 }, ...cells));
  }

  #measure(): void {
    const height = Number(getComputedStyle(this.#table).getPropertyValue("--row-height"));
    const isNew = height !== this.#rowHeight;
    this.#rowHeight = height;
    this.#draw(isNew);
  }

  #setRows(rows: Int32Array): void {
    this.#rows = sorted(this.#store.state.model, rows, this.#sort.key, this.#sort.isDescending);
    this.#current = 0;
    this.#table.setAttribute("aria-rowcount", String(rows.length + 1));
    for (const cell of this.#table.querySelectorAll("th")) {
      const isSorted = cell.dataset.key === this.#sort.key;
      cell.ariaSort = isSorted ? (this.#sort.isDescending ? "descending" : "ascending") : null;
    }
    this.#scroller.scrollTop = 0;
    this.#draw(true);
  }

  /** @param isNew whether the lines show other sessions than before. */
  #draw(isNew = false): void {
    const { first, last } = this.#inView();
    const count = last - first;
    while (this.#slots.length < count) {
      const cells = columns.map(({ key }) => element("td", { role: "cell", class: `column-${key}` }));
      this.#slots.push({ line: element("tr", { role: "row" }, ...cells), index: -1 });
    }
    for (const { line } of this.#slots.splice(count)) line.remove();
    // A line whose session is still in view keeps it and its place. The other lines are reused for sessions that came
    // into view.
    const kept = new Map(isNew ? [] : this.#slots.map((slot) => [slot.index, slot]));
    const free = this.#slots.filter(({ index }) => isNew || index < first || index >= last);
    let before: Element | undefined;
    this.#slots = Array.from({ length: count }, (_, offset) => {
      const index = first + offset;
      const slot = kept.get(index) ?? free.pop();
      if (slot === undefined) throw new Error("There are as many lines as sessions in view.");
      if (isNew || slot.index !== index) {
        this.#fill(slot, index);
        if (before === undefined) this.#body.prepend(slot.line);
        else before.after(slot.line);
      }
      before = slot.line;
      return slot;
    });
    this.#body.style.height = `${this.#rows.length * this.#rowHeight}px`;
  }

  #inView(): { first: number; last: number } {
    if (this.#isPrinting) return { first: 0, last: Math.min(printed, this.#rows.length) };
    const { scrollTop, clientHeight } = this.#scroller;
    const first = Math.max(0, Math.floor(scrollTop / this.#rowHeight) - spare);
    return {
      first,
      last: Math.min(this.#rows.length, Math.ceil((scrollTop + clientHeight) / this.#rowHeight) + spare),
    };
  }

  #fill(slot: { readonly line: HTMLTableRowElement; index: number }, index: number): void {
    slot.index = index;
    const row = this.#rows[index] ?? -1;
    const { model, selected } = this.#store.state;
    slot.line.style.transform = `translateY(${index * this.#rowHeight}px)`;
    slot.line.setAttribute("aria-rowindex", String(index + 2));
    slot.line.setAttribute("aria-selected", String(row === selected));
    slot.line.classList.toggle("current", index === this.#current);
    columns.forEach(({ key, text }, place) => {
      const cell = slot.line.cells[place];
      if (cell === undefined) return;
      if (key === "verdict") cell.replaceChildren(verdictMark(model.verdict[row]));
      else cell.textContent = text(model, row);
    });
  }

  #onKey(event: KeyboardEvent): void {
    if (event.target !== this.#scroller || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / this.#rowHeight) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.#current + 1,
      ArrowUp: this.#current - 1,
      PageDown: this.#current + page,
      PageUp: this.#current - page,
      Home: 0,
      End: this.#rows.length - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      this.#moveTo(Math.max(0, Math.min(this.#rows.length - 1, next)));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#open(this.#current);
    }
  }

  #moveTo(index: number): void {
    this.#current = index;
    const [top, room] = [index * this.#rowHeight, this.#scroller.clientHeight - 2 * this.#rowHeight];
    if (top < this.#scroller.scrollTop) this.#scroller.scrollTop = top;
    else if (top > this.#scroller.scrollTop + room) this.#scroller.scrollTop = top - room;
    this.#draw();
    for (const slot of this.#slots) {
      slot.line.classList.toggle("current", slot.index === index);
    }
    this.#announce(index);
  }

  /** Announces the focused row to screen readers. */
  #announce(index: number): void {
    const row = this.#rows[index];
    if (row === undefined) return;
    const { model } = this.#store.state;
    const told = columns.map(({ title, text }) => `${title} ${text(model, row)}`).join(", ");
    found("spoken", HTMLElement).textContent = `Row ${index + 1} of ${this.#rows.length}: ${told}`;
  }

  #open(index: number): void {
    const row = this.#rows[index];
    if (row === undefined) return;
    this.#current = index;
    this.#store.select(row);
  }

  #mark(selected: number | undefined): void {
    const index = selected === undefined ? -1 : this.#rows.indexOf(selected);
    if (index !== -1) {
      this.#current = index;
      const { scrollTop, clientHeight } = this.#scroller;
      const top = index * this.#rowHeight;
      if (top < scrollTop || top > scrollTop + clientHeight - 2 * this.#rowHeight) {
        this.#scroller.scrollTop = Math.max(0, top - clientHeight / 2);
      }
      this.#draw();
    }
    for (const slot of this.#slots) {
      slot.line.setAttribute("aria-selected", String(slot.index === index && index !== -1));
      slot.line.classList.toggle("current", slot.index === this.#current);
    }
  }

  #print(isPrinting: boolean): void {
    this.#isPrinting = isPrinting;
    const rest = this.#rows.length - printed;
    found("print-rest", HTMLElement).textContent =
      isPrinting && rest > 0 ? `${counted(rest, "further session")} not printed: filter to choose which are.` : "";
    this.#draw();
  }
}
