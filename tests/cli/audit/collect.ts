import assert from "node:assert/strict";
import type { AuditRecord } from "../../../cli/audit/fields.ts";
import type { SourceRecord } from "../../../cli/audit/records/types.ts";

/** Everything that an iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The records of a source that holds nothing else. */
export async function collectRecords(source: AsyncIterable<SourceRecord>): Promise<AuditRecord[]> {
  return (await collect(source)).map((found) => {
    assert.ok("record" in found, JSON.stringify(found));
    return found.record;
  });
}
