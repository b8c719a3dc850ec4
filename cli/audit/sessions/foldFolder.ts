import { join } from "node:path";
import { blobHour } from "../records/blobHour.ts";
import type { LogResult, Unreadable } from "../records/types.ts";
import { Normaliser } from "../store/normalise.ts";
import { lookAt } from "../store/sourceFile.ts";
import { Store, type StorePlace } from "../store/store.ts";
import { fold, type FoldOptions } from "./fold.ts";

export interface FolderFoldOptions extends FoldOptions {
  /** Files of audit records, in any order and any form that `readRecords` takes. */
  readonly files: readonly string[];
  /** What is known already to be unreadable. Default: nothing. */
  readonly unreadable?: readonly Unreadable[];
  /** Where the records are kept, so that nothing is read twice. Default: they are gone with the last session. */
  readonly store?: StorePlace;
  /** Told how many of the files that were not stored yet are. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of files of the store that were not as they were written. What they are of was read again. */
  readonly onDamage?: (files: readonly string[]) => Promise<void>;
}

/**
 * Folds the records in files into sessions. A record that is cut off at the end of a file is left for a later read if the file's
 * path names an hour in which Azure may still append to it; otherwise it is reported as unreadable.
 *
 * @throws RangeError when the filter's `ip` is not an address; NotPrivateError when the store is not the owner's alone.
 */
export async function foldFolder({
  files,
  unreadable = [],
  store: place,
  onProgress,
  onDamage,
  ...options
}: FolderFoldOptions): Promise<LogResult> {
  const result = await fold(options, async (engine) => {
    const found = [...new Set(files)].map((file) => lookAt(file, options.now));
    const cannot = found.flatMap((one) => ("unreadable" in one ? [one.unreadable] : []));
    const store = await Store.open(place ?? { cacheDir: join(engine.folder, "cache"), of: "" }, new Normaliser(engine));
    const sources = found.flatMap((one) => ("unreadable" in one ? [] : [one]));
    const segments = await store.segments(sources, onProgress);
    if (store.damaged.length > 0) await onDamage?.(store.damaged);
    const beside = [...unreadable, ...cannot];
    return {
      segments,
      beside: [{ unreadable: beside, unread: { lost: beside.length, aside: 0 }, otherLogs: {} }],
    };
  });
  return { ...result, coverage: { ...result.coverage, hoursRead: hoursOf(files) } };
}

/** Hours that files of an archive stand for; a file whose path names no hour counts as one. */
function hoursOf(files: readonly string[]): number {
  return new Set(files.map((file) => blobHour(file) ?? file)).size;
}
