import type { Changes } from "./changes.ts";

const words: readonly (readonly [keyof Changes, string])[] = [
  ["create", "created"],
  ["update", "updated"],
  ["replace", "replaced"],
  ["delete", "deleted"],
  ["same", "unchanged"],
];

/** Formats counts such as `12 created, 3 unchanged`. */
export function describeChanges(changes: Changes): string {
  const parts = words.filter(([key]) => changes[key] > 0).map(([key, word]) => `${changes[key]} ${word}`);
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}
