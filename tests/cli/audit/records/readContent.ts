import assert from "node:assert/strict";
import type { AuditRecord } from "../../../../cli/audit/fields.ts";
import { readRecords } from "../../../../cli/audit/records/readRecords.ts";
import type { Unreadable } from "../../../../cli/audit/records/types.ts";
import { LogFolder } from "../auditLines.ts";

/** Reads a file of this content: its records, and what is beside them, without the name of the file. */
export async function read(
  content: string | Uint8Array,
  growing = false,
): Promise<(AuditRecord | Omit<Unreadable, "file"> | { otherLog: string })[]> {
  using folder = new LogFolder();
  const file = folder.write("PT1H.json", content);
  return (await Array.fromAsync(readRecords(file, growing))).map((found) => {
    if ("record" in found) return found.record;
    if ("otherLog" in found) return found;
    const { file: named, ...place } = "aside" in found ? found.aside : found.unreadable;
    assert.equal(named, file);
    return place;
  });
}
