/** Known names that look like one that is not known. */

const mostSuggestions = 3;
/** Characters from which a part of a name stands for it: "sku" for "bastionSku". */
const shortestPart = 3;

/**
 * The nearest ones first, three at most. A name is similar if it contains what was typed, or differs from it in a few letters.
 * Case does not matter.
 */
export function similarNames(typed: string, known: readonly string[]): string[] {
  const similar = [...new Set(known)]
    .map((name) => ({ name, edits: editsBetween(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= mostEdits(Math.max(typed.length, name.length)))
    .sort((a, b) => a.edits - b.edits || a.name.localeCompare(b.name));
  const least = similar[0]?.edits ?? 0;
  return similar
    .filter(({ edits }) => edits <= (least === 0 ? 0 : least + 1))
    .slice(0, mostSuggestions)
    .map(({ name }) => name);
}

/** ` (did you mean bastionSku?)`, to follow a clause; an empty text where no known name is similar. */
export function suggestion(typed: unknown, known: readonly string[]): string {
  const names = typeof typed === "string" ? similarNames(typed, known) : [];
  return names.length === 0 ? "" : ` (did you mean ${names.join(" or ")}?)`;
}

/** Edits after which a name of this length still looks like the other one, but never all of its letters. */
function mostEdits(length: number): number {
  return Math.min(4, Math.max(1, Math.floor(length * 0.4)), length - 1);
}

/** The beginning of a name, and letters in another order, are as near as one wrong letter; another part of it, as three. */
function editsBetween(typed: string, name: string): number {
  const isNear = (typed !== "" && name.startsWith(typed)) || inOrder(typed) === inOrder(name);
  const isPart = typed.length >= shortestPart && name.includes(typed);
  return Math.min(isNear ? 1 : isPart ? 3 : Infinity, distance(typed, name));
}

function inOrder(text: string): string {
  return text.split("").sort().join("");
}

/** Letters to insert, delete or replace to make one text of the other (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of one.split("").entries()) {
    const next = [index + 1];
    for (let at = 1; at <= other.length; at++) {
      const [above = 0, left = 0, diagonal = 0] = [row[at], next[at - 1], row[at - 1]];
      next.push(Math.min(above + 1, left + 1, diagonal + (letter === other[at - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
