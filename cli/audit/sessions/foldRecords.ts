import type { LogResult, SourceRecord } from "../records/types.ts";
import { recordEvidence } from "../store/readEvidence.ts";
import { fold, type FoldOptions } from "./fold.ts";

/**
 * Folds records from any source into sessions, as `foldFolder` does with records in files.
 * @throws RangeError if the filter's `ip` is not an address; whatever `records` throws.
 */
export function foldRecords(records: AsyncIterable<SourceRecord>, options: FoldOptions): Promise<LogResult> {
  return fold(options, (engine) => recordEvidence(engine, records));
}
