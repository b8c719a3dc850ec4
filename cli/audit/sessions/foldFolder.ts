import type { LogResult, Unreadable } from "../records/types.ts";
import { Fold, hoursOf, type FoldOptions } from "./fold.ts";

export interface FolderFoldOptions extends FoldOptions {
  /** Files of audit records, in any order and any form that `readRecords` takes. They must stay until the sessions are read. */
  readonly files: readonly string[];
  /** What is known already to be unreadable. Default: nothing. */
  readonly unreadable?: readonly Unreadable[];
}

/**
 * Folds the records in files into sessions. A record that is cut off at the end of a file is left for a later read if the file's
 * path names an hour in which Azure may still append to it; otherwise it is reported as unreadable.
 *
 * @throws RangeError when the filter's `ip` is not an address.
 */
export async function foldFolder({ files, unreadable = [], ...options }: FolderFoldOptions): Promise<LogResult> {
  const result = await Fold.run(options, async (fold) => {
    for (const one of unreadable) {
      await fold.add({ unreadable: one });
    }
    await fold.addFiles([...new Set(files)]);
  });
  return { ...result, coverage: { ...result.coverage, hoursRead: hoursOf(files) } };
}
