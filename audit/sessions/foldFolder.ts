import type { LogResult } from "../records/types.ts";
import { Fold, hoursOf, type FoldOptions } from "./fold.ts";

export interface FolderFoldOptions extends FoldOptions {
  /** Files of audit records, in any order and any form that `readRecords` takes. They must stay until the sessions are read. */
  readonly files: readonly string[];
}

/**
 * Folds the records in files into sessions. A record that is cut off at the end of a file is left for a later read if the file's
 * path names an hour in which Azure may still append to it; otherwise it is reported as unreadable.
 *
 * @throws RangeError when the filter's `ip` is no address; an error of the file system when a file cannot be opened.
 */
export async function foldFolder({ files, ...options }: FolderFoldOptions): Promise<LogResult> {
  const result = await Fold.run(options, (fold) => fold.addFiles([...new Set(files)]));
  return { ...result, coverage: { ...result.coverage, hoursRead: hoursOf(files) } };
}
