import { element } from "./dom.ts";
import { verdictAt } from "./verdicts.ts";

/** A verdict as a coloured letter with its name. */
export function verdictMark(index: number | undefined): HTMLElement {
  const { name, letter } = verdictAt(index);
  return element(
    "span",
    { class: `verdict verdict-${name}` },
    element("span", { class: "letter", "aria-hidden": "true" }, letter),
    name,
  );
}
