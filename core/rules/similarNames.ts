/** Suggests known names for an unknown one. */

const mostSuggestions = 3;
/** Minimum length, in characters, of a part that matches a whole name: "sku" for "bastionSku". */
const shortestPart = 3;

/**
 * Returns at most three similar names, the nearest first. A name is similar if it contains the typed text or differs from
 * it in a few letters. Case is ignored.
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

/** Returns ` (did you mean bastionSku?)`, to append to a clause; an empty string if no known name is similar. */
export function suggestion(typed: unknown, known: readonly string[]): string {
  const names = typeof typed === "string" ? similarNames(typed, known) : [];
  return names.length === 0 ? "" : ` (did you mean ${names.join(" or ")}?)`;
}

/** Returns the number of edits up to which a name of this length is similar, but never all of its letters. */
function mostEdits(length: number): number {
  return Math.min(4, Math.max(1, Math.floor(length * 0.4)), length - 1);
}

/** Returns the edits between two names. The start of a name, or its letters in another order, is one edit; any other part of it, three. */
function editsBetween(typed: string, name: string): number {
  const isNear = (typed !== "" && name.startsWith(typed)) || inOrder(typed) === inOrder(name);
  const isPart = typed.length >= shortestPart && name.includes(typed);
  return Math.min(isNear ? 1 : isPart ? 3 : Infinity, distance(typed, name));
}

function inOrder(text: string): string {
  return text.split("").sort().join("");
}

/** Returns the number of letters to insert, delete or replace to turn one string into the other (Levenshtein distance). Core has no dependencies. */
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
