import assert from "node:assert/strict";
import type { AuditRecord } from "../../../cli/audit/fields.ts";
import type { SourceRecord } from "../../../cli/audit/records/types.ts";

/** The records of a source that holds nothing else. */
export async function collectRecords(source: AsyncIterable<SourceRecord>): Promise<AuditRecord[]> {
  return (await Array.fromAsync(source)).map((found) => {
    assert.ok("record" in found, JSON.stringify(found));
    return found.record;
  });
}
