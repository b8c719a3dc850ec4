import { readPieces } from "../pieces/readPieces.ts";
import { unreadablePiece } from "./unreadableList.ts";
import { recordOf } from "./recordOf.ts";
import { unlessTooDeep } from "./values.ts";
import type { SourceRecord } from "./types.ts";

/**
 * Reads a file of audit records in any form that `readPieces` knows.
 * @param growing whether the file is still being written to: then an unfinished last record is left for the next read.
 */
export async function* readRecords(file: string, growing = false): AsyncGenerator<SourceRecord> {
  for await (const piece of readPieces(file, growing)) {
    yield* "reason" in piece ? [unreadablePiece(file, piece)] : sourceRecords(piece.value, { file, line: piece.line });
  }
}

/** What a value from a source is; facts that cannot be are told beside the record. */
export function sourceRecords(value: unknown, place: { readonly file: string; readonly line: number }): SourceRecord[] {
  const found = unlessTooDeep(() => recordOf(value));
  if ("reason" in found) {
    return [{ unreadable: { ...place, reason: found.reason } }];
  }
  if ("otherLog" in found) {
    return [found];
  }
  const wrong = found.wrong.map((problem) => ({
    aside: { ...place, reason: `${problem}. The record is read without it.` },
  }));
  return [{ record: found.record, raw: { ...place, value } }, ...wrong];
}
