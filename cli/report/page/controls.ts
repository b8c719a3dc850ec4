/** Search, filters and the counts of verdicts, which are filters too. */
import { flags, links } from "../../audit/trail/types.ts";
import { afterPause, element, found } from "./dom.ts";
import { counted, formatCount, formatMinute } from "./format.ts";
import { noFilter, type Filter } from "./filter.ts";
import type { State, Store } from "./state.ts";
import { countVerdicts } from "./totals.ts";
import { verdicts } from "./verdicts.ts";
import { acceptedFlag, type Model, type ModelColumn } from "./model.ts";

/** Number of names that the browser suggests in a field. */
const suggested = 2000;
/** Milliseconds after the last key until the filter is applied. */
const typingPause = 80;

export function connectControls(store: Store): void {
  const words = found("search", HTMLInputElement);
  const person = found("person", HTMLInputElement);
  const vm = found("vm", HTMLInputElement);
  const link = found("link", HTMLSelectElement);
  const flag = found("flag", HTMLSelectElement);
  link.append(...links.map((name) => new Option(name, name)));
  flag.append(...[...flags, acceptedFlag].map((name) => new Option(name, name)));
  suggest(found("persons", HTMLDataListElement), store.state.model, "person");
  suggest(found("vms", HTMLDataListElement), store.state.model, "vmLabel");

  /** The current values of the fields, including a key that was just typed. */
  const entered = (): Partial<Filter> => ({
    words: words.value,
    person: person.value,
    vm: vm.value,
    link: link.value,
    flag: flag.value,
  });
  const typed = afterPause(typingPause, () => {
    store.setFilter(entered());
  });
  for (const field of [words, person, vm]) field.addEventListener("input", typed);
  for (const field of [link, flag]) {
    field.addEventListener("change", () => {
      store.setFilter(entered());
    });
  }
  found("reset", HTMLButtonElement).addEventListener("click", () => {
    store.setWindow(store.state.range);
    store.setFilter(noFilter);
    words.focus();
  });
  found("filters", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      words.focus();
    }
  });
  const buttons = verdictButtons(store, entered);
  const follow = (state: State): void => {
    const { filter } = state;
    for (const [field, value] of [
      [words, filter.words],
      [person, filter.person],
      [vm, filter.vm],
    ] as const) {
      if (document.activeElement !== field) field.value = value;
    }
    link.value = filter.link;
    flag.value = filter.flag;
    showCounts(state, buttons);
  };
  store.listen((state, change) => {
    if (change === "rows") follow(state);
  });
  follow(store.state);
}

function verdictButtons(store: Store, entered: () => Partial<Filter>): HTMLButtonElement[] {
  const buttons = verdicts.map(({ name, letter, meaning, isFinding }, index) => {
    const button = element(
      "button",
      { type: "button", class: `tile verdict-${name}`, title: meaning, "aria-pressed": "false" },
      element(
        "span",
        { class: "tile-head" },
        element("span", { class: "letter", "aria-hidden": "true" }, letter),
        name,
      ),
      element("span", { class: "tile-count" }),
      element("span", { class: "tile-meaning" }, meaning),
    );
    button.classList.toggle("is-finding", isFinding);
    button.addEventListener("click", () => {
      const next = new Set(store.state.filter.verdicts);
      if (!next.delete(index)) next.add(index);
      store.setFilter({ ...entered(), verdicts: next });
    });
    return button;
  });
  found("tiles", HTMLElement).append(...buttons);
  return buttons;
}

function showCounts({ model, filter, rows, kept, window, range }: State, buttons: readonly HTMLButtonElement[]): void {
  const counts = countVerdicts(model, rows);
  buttons.forEach((button, index) => {
    const count = button.querySelector(".tile-count");
    if (count !== null) count.textContent = formatCount(counts[index] ?? 0);
    button.setAttribute("aria-pressed", String(filter.verdicts.has(index)));
  });
  const isPart = window.from > range.from || window.to < range.to;
  const stretch = isPart ? ` between ${formatMinute(window.from)} and ${formatMinute(window.to)} UTC` : "";
  found("count", HTMLElement).textContent =
    `${formatCount(rows.length)} of ${counted(model.count, "session")}${stretch}` +
    (isPart && kept.length !== rows.length ? ` (${formatCount(kept.length)} in the whole range)` : "");
}

function suggest(list: HTMLDataListElement, { texts, shown }: Model, column: ModelColumn): void {
  const names = [...new Set(texts[column])].flatMap((index) => shown(index) ?? []);
  list.append(
    ...names
      .sort()
      .slice(0, suggested)
      .map((name) => new Option(name, name)),
  );
}
