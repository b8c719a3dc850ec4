/** Suggestions for a name that is not known. */
import { distance } from "fastest-levenshtein";

const mostSuggestions = 3;
/** Names that are listed in full; a subscription can have thousands. */
const mostListed = 10;

/**
 * `Did you mean 'web'?`, or an empty text where no known name is similar. A name is similar if it begins with what was
 * typed, or differs from it in a few letters. Case does not matter.
 */
export function didYouMean(typed: string, known: readonly string[]): string {
  const names = similarNames(typed, known).map((name) => `'${name}'`);
  return names.length === 0 ? "" : `Did you mean ${names.join(" or ")}?`;
}

/** `db, web and 3 more`, sorted, each name once. */
export function listNames(names: readonly string[]): string {
  const sorted = distinct(names).sort((a, b) => a.localeCompare(b));
  const more = sorted.length - mostListed;
  return more > 0 ? `${sorted.slice(0, mostListed).join(", ")} and ${more} more` : sorted.join(", ");
}

/** The nearest ones first. */
function similarNames(typed: string, known: readonly string[]): string[] {
  const similar = distinct(known)
    .map((name) => ({ name, edits: editsBetween(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= mostEdits(Math.max(typed.length, name.length)))
    .sort((a, b) => a.edits - b.edits || a.name.localeCompare(b.name));
  const least = similar[0]?.edits ?? 0;
  return similar
    .filter(({ edits }) => edits <= least + 1)
    .slice(0, mostSuggestions)
    .map(({ name }) => name);
}

/** Edits after which a name of this length still looks like the other one, but never all of its letters. */
function mostEdits(length: number): number {
  return Math.min(4, Math.max(1, Math.floor(length * 0.4)), length - 1);
}

/** The beginning of a name, and letters in another order, are as near as one wrong letter. */
function editsBetween(typed: string, name: string): number {
  const isNear = (typed !== "" && name.startsWith(typed)) || inOrder(typed) === inOrder(name);
  return isNear ? Math.min(1, distance(typed, name)) : distance(typed, name);
}

function inOrder(text: string): string {
  return text.split("").sort().join("");
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
