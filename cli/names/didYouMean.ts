/** Suggestions for an unknown name. */
import { similarNames } from "@bastion-trail/core/rules/similarNames";

/** Number of names that are listed in full. A subscription can have thousands. */
const mostListed = 10;

/** Returns `Did you mean 'web'?`, or an empty text if no known name is similar. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const names = similarNames(typed, known).map((name) => `'${name}'`);
  return names.length === 0 ? "" : `Did you mean ${names.join(" or ")}?`;
}

/** Returns `Unknown check 'jt'. Did you mean 'jit'?` for each unknown name. */
export function unknownNames(what: string, names: readonly string[], known: readonly string[]): string {
  return names.map((name) => `Unknown ${what} '${name}'. ${didYouMean(name, known)}`.trim()).join(" ");
}

/** `db, web and 3 more`, sorted, each name once. */
export function listNames(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort((a, b) => a.localeCompare(b));
  const more = sorted.length - mostListed;
  return more > 0 ? `${sorted.slice(0, mostListed).join(", ")} and ${more} more` : sorted.join(", ");
}
