import { join } from "node:path";
import type { LogResult, SourceRecord } from "../records/types.ts";
import { Normaliser } from "../store/normalise.ts";
import { fold, type FoldOptions } from "./fold.ts";

/**
 * Folds records from any source into sessions, as `foldFolder` does with those in files. They are gone with the last session: what a
 * query gives has no name by which it could be known again.
 * @throws RangeError when the filter's `ip` is not an address; whatever `records` throws.
 */
export function foldRecords(records: AsyncIterable<SourceRecord>, options: FoldOptions): Promise<LogResult> {
  return fold(options, async (engine) => {
    const path = join(engine.folder, "records.parquet");
    const found = await new Normaliser(engine).writeRecords(records, path);
    return { segments: [{ ...found, id: "", path, sources: [], only: undefined }], beside: [] };
  });
}
