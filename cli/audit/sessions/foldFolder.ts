import { blobHour } from "../records/blobHour.ts";
import type { LogResult } from "../records/types.ts";
import { fileEvidence, type FileEvidenceOptions } from "../store/readEvidence.ts";
import { fold, foldInto, type Folded, type FoldOptions } from "./fold.ts";

export type FolderFoldOptions = FoldOptions & FileEvidenceOptions;

/**
 * Folds the records in files into sessions. A record that is cut off at the end of a file counts as lost, except if
 * the file's path names an hour in which Azure may still append to it: then it is only named.
 *
 * @throws RangeError if the filter's `ip` is not an address; NotPrivateError if the store is accessible to other users.
 */
export async function foldFolder(options: FolderFoldOptions): Promise<LogResult> {
  return withHours(await fold(options, (engine) => fileEvidence(engine, options)), options);
}

/** Like {@link foldFolder}, into the table `folded` of an engine; see `foldInto`. */
export async function foldFolderInto(facts: string, options: FolderFoldOptions): Promise<Folded> {
  return withHours(await foldInto(facts, options, (engine) => fileEvidence(engine, options)), options);
}

function withHours<Of extends Pick<LogResult, "coverage">>(result: Of, { files }: FolderFoldOptions): Of {
  return { ...result, coverage: { ...result.coverage, hoursRead: hoursOf(files) } };
}

/** Returns the number of hours that files of an archive cover; a file whose path names no hour counts as one. */
function hoursOf(files: readonly string[]): number {
  return new Set(files.map((file) => blobHour(file) ?? file)).size;
}
