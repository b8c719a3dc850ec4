/**
 * The user's choices, and the state derived from them. The parts of the page listen to it and do not know each other.
 */
import { filterOf, noFilter, rowsWithin, type Filter } from "./filter.ts";
import type { Model, Stretch } from "./model.ts";

export interface State {
  readonly model: Model;
  readonly filter: Filter;
  /** The stretch of time in view. */
  readonly window: Stretch;
  /** The whole range. */
  readonly range: Stretch;
  /** Rows that match the filter, in any window. */
  readonly kept: Int32Array;
  /** Rows that match the filter within the window. */
  readonly rows: Int32Array;
  /** Row of the session whose details are open. */
  readonly selected: number | undefined;
}

/** What has changed: only the window, the rows, or the selection. */
export type Change = "window" | "rows" | "selected";

export class Store {
  #state: State;
  readonly #filterRows: (filter: Filter) => Int32Array;
  readonly #listeners: ((state: State, change: Change) => void)[] = [];

  constructor(model: Model) {
    this.#filterRows = filterOf(model);
    const range = rangeOf(model);
    const all = this.#filterRows(noFilter);
    this.#state = { model, filter: noFilter, window: range, range, kept: all, rows: all, selected: undefined };
  }

  get state(): State {
    return this.#state;
  }

  listen(listener: (state: State, change: Change) => void): void {
    this.#listeners.push(listener);
  }

  setFilter(change: Partial<Filter>): void {
    const filter = { ...this.#state.filter, ...change };
    const kept = this.#filterRows(filter);
    this.#set({ filter, kept }, "rows");
  }

  /** Moves the window. The rows are updated by `settleWindow`, because a window may move with every frame. */
  setWindow(window: Stretch): void {
    this.#state = { ...this.#state, window };
    this.#tell("window");
  }

  settleWindow(): void {
    this.#set({}, "rows");
  }

  select(selected: number | undefined): void {
    this.#state = { ...this.#state, selected };
    this.#tell("selected");
  }

  #set(change: Partial<State>, kind: Change): void {
    const next = { ...this.#state, ...change };
    const { model, kept, window, range } = next;
    const isWhole = window.from <= range.from && window.to >= range.to;
    this.#state = { ...next, rows: isWhole ? kept : rowsWithin(model, kept, window) };
    this.#tell(kind);
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(this.#state, change);
  }
}

/** The requested range, extended to the sessions that reach beyond it. */
function rangeOf({ range: { from, to }, start, end }: Model): Stretch {
  const latest = end.reduce((one, other) => Math.max(one, other), to);
  return { from: Math.min(from, start[0] ?? from), to: Math.max(latest, from + 60_000) };
}
