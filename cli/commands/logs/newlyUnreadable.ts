import { reasons } from "../../audit/pieces/piece.ts";
import type { LogResult, Unread, Unreadable } from "../../audit/records/types.ts";

/** What became unreadable in a followed source. */
export interface Newly {
  readonly places: readonly Unreadable[];
  /** Totals, because not all places are kept. */
  readonly more: Unread;
}

/** Finds what became unreadable with each read of a followed source. Each place is returned once. */
export class NewlyUnreadable {
  readonly #told = new Set<string>();
  #before: Unread = { lost: 0, aside: 0 };
  /** Records that were cut off in the last read: they may be complete in the next one. */
  #held: readonly Unreadable[] = [];

  after({ unreadable, unread }: Pick<LogResult, "unreadable" | "unread">): Newly {
    const held = new Set(this.#held.map(placeOf));
    const fresh = unreadable.filter((one) => !this.#told.has(placeOf(one)));
    this.#held = fresh.filter((one) => isCut(one) && !held.has(placeOf(one)));
    const places = fresh.filter((one) => !this.#held.includes(one));
    const { lost: cut, aside: unfinished } = countOf(this.#held);
    const now = { lost: unread.lost - cut, aside: unread.aside - unfinished };
    const aside = Math.max(0, now.aside - this.#before.aside);
    // A file that was rotated away takes its places along, so others may be new although there are not more of them.
    const lost = Math.max(0, now.lost - this.#before.lost, Math.min(now.lost, places.length - aside));
    this.#before = now;
    return this.#tell(places, { lost, aside });
  }

  /** Returns the rest once the source has not changed since the last read, or is read no more. */
  rest(): Newly {
    const places = this.#held;
    this.#held = [];
    const more = countOf(places);
    this.#before = { lost: this.#before.lost + more.lost, aside: this.#before.aside + more.aside };
    return this.#tell(places, more);
  }

  #tell(places: readonly Unreadable[], more: Unread): Newly {
    for (const one of places) this.#told.add(placeOf(one));
    return { places, more };
  }
}

function isCut({ reason }: Unreadable): boolean {
  return reason === reasons.cut || reason === reasons.unfinished;
}

/** Counts records that are cut off. */
function countOf(places: readonly Unreadable[]): Unread {
  const aside = places.filter(({ skipped }) => skipped === true).length;
  return { lost: places.length - aside, aside };
}

function placeOf({ file, line, reason }: Unreadable): string {
  return `${file}:${line ?? ""}:${reason}`;
}
