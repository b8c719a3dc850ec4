import type { Damage } from "../pieces/piece.ts";
import type { Unread, Unreadable } from "./types.ts";

/** A part of a source that cannot be read, as the source reports it. */
export type Untold = { readonly unreadable: Unreadable } | { readonly aside: Unreadable };

/** Reports a part of a file that is not a value. */
export function unreadablePiece(file: string, { line, reason, isAside = false }: Damage): Untold {
  const unreadable = { file, line, reason };
  return isAside ? { aside: unreadable } : { unreadable };
}

/** Maximum number of places held: a source full of unreadable entries must not fill the memory. */
const mostHeld = 10_000;

/** What could not be read: everything is counted, and the first places are held. */
export class UnreadableList {
  readonly #places: Unreadable[] = [];
  #lost = 0;
  #aside = 0;

  add(found: Untold): void {
    if ("aside" in found) {
      this.#aside += 1;
    } else {
      this.#lost += 1;
    }
    if (this.#places.length < mostHeld) {
      this.#places.push("aside" in found ? { ...found.aside, skipped: true } : found.unreadable);
    }
  }

  /** Adds the counts and places of another list. */
  addAll({ unreadable, unread }: { readonly unreadable: readonly Unreadable[]; readonly unread: Unread }): void {
    this.#lost += unread.lost;
    this.#aside += unread.aside;
    this.#places.push(...unreadable.slice(0, mostHeld - this.#places.length));
  }

  /** Sorted by file and line. */
  get places(): readonly Unreadable[] {
    return this.#places.sort(byPlace);
  }

  get unread(): Unread {
    return { lost: this.#lost, aside: this.#aside };
  }
}

function byPlace(one: Unreadable, other: Unreadable): number {
  if (one.file !== other.file) {
    return one.file < other.file ? -1 : 1;
  }
  return (one.line ?? 0) - (other.line ?? 0);
}
