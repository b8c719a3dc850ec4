/** What files have besides the records of a log: what cannot be read, and entries of other logs. */
import { Tally } from "../records/tally.ts";
import type { Unread, Unreadable } from "../records/types.ts";
import { UnreadableList, type Untold } from "../records/unreadableList.ts";

/** Counts of one file. */
export interface FileBesides {
  readonly file: string;
  readonly unread: Unread;
  /** Number of entries of other logs, by category or table. */
  readonly otherLogs: Readonly<Record<string, number>>;
}

/** What some files have besides records. */
export interface FoundBesides {
  /** The first 10,000 places. */
  readonly unreadable: readonly Unreadable[];
  /** One for each file that has anything besides records. */
  readonly besides: readonly FileBesides[];
}

/** Collects what files have besides records. */
export class BesidesCollector {
  readonly #list = new UnreadableList();
  readonly #files = new Map<string, { lost: number; aside: number; readonly otherLogs: Tally }>();

  /** @param of the file that has it, if it is an entry of another log, which names no file. */
  add(found: Untold | { readonly otherLog: string }, of: string): void {
    const file = "otherLog" in found ? of : ("aside" in found ? found.aside : found.unreadable).file;
    const counts = this.#files.get(file) ?? { lost: 0, aside: 0, otherLogs: new Tally() };
    this.#files.set(file, counts);
    if ("otherLog" in found) {
      counts.otherLogs.add(found.otherLog);
      return;
    }
    counts["aside" in found ? "aside" : "lost"] += 1;
    this.#list.add(found);
  }

  get found(): FoundBesides {
    const besides = [...this.#files].map(([file, { lost, aside, otherLogs }]) => ({
      file,
      unread: { lost, aside },
      otherLogs: otherLogs.counts,
    }));
    return { unreadable: this.#list.places, besides };
  }
}

/** What all files of a source have besides records. */
export interface Besides {
  /** The first 10,000 places, sorted. */
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  readonly otherLogs: Readonly<Record<string, number>>;
  /** Files with lost entries. */
  readonly lostIn: readonly string[];
}

/** Adds up what was found. */
export function sumOf(all: readonly FoundBesides[]): Besides {
  const list = new UnreadableList();
  const otherLogs = new Tally();
  for (const { unreadable, besides } of all) {
    const sum = (what: keyof Unread): number => besides.reduce((total, { unread }) => total + unread[what], 0);
    list.addAll({ unreadable, unread: { lost: sum("lost"), aside: sum("aside") } });
    for (const one of besides) otherLogs.addAll(one.otherLogs);
  }
  const lostIn = all.flatMap(({ besides }) => besides.flatMap(({ file, unread }) => (unread.lost > 0 ? [file] : [])));
  return { unreadable: list.places, unread: list.unread, otherLogs: otherLogs.counts, lostIn: [...new Set(lostIn)] };
}
