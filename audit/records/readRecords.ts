import { readPieces } from "./readPieces.ts";
import { recordOf } from "./recordOf.ts";
import type { AuditRecord, Unreadable } from "./types.ts";

/**
 * Reads a file of audit records in any form that `readPieces` knows, with keys in any case. What is no record comes out as an
 * `Unreadable`.
 *
 * @param growing whether the file is still being written to: then an unfinished last record is left for the next read.
 */
export async function* readRecords(file: string, growing = false): AsyncGenerator<AuditRecord | Unreadable> {
  for await (const piece of readPieces(file, growing)) {
    const record = "reason" in piece ? piece : recordOf(piece.value);
    yield "reason" in record ? { file, line: piece.line, reason: record.reason } : record;
  }
}
