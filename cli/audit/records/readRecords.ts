import { readPieces } from "../pieces/readPieces.ts";
import { unreadablePiece } from "./unreadableList.ts";
import { recordOf } from "./recordOf.ts";
import { unlessTooDeep } from "./values.ts";
import type { SourceRecord } from "./types.ts";

/**
 * Reads a file of audit records in any form that `readPieces` knows.
 * @param growing whether the file is still being written to: an unfinished last record is then no lost one.
 * @param name the file name that records carry: for a copy, the name of the blob. @default file
 */
export async function* readRecords(file: string, growing = false, name = file): AsyncGenerator<SourceRecord> {
  for await (const piece of readPieces(file, growing)) {
    yield* "reason" in piece
      ? [unreadablePiece(name, piece)]
      : sourceRecords(piece.value, { file: name, line: piece.line });
  }
}

/** Reads one value of a source as a record. Invalid facts are reported beside the record. */
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
