import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { countRecords } from "../../../../cli/audit/sessions/recordCounts.ts";
import { createSessions } from "../../../../cli/audit/sessions/sessionRelation.ts";
import { openEngine, type Engine } from "../../../../cli/audit/store/engine.ts";
import { createEvidence } from "../../../../cli/audit/store/evidence.ts";
import { Normaliser } from "../../../../cli/audit/store/normalise.ts";
import { sharedTimes } from "../../../../cli/audit/store/repeats.ts";
import type { UsedSegment } from "../../../../cli/audit/store/store.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import { readBack } from "../auditLines.ts";

const begin = Date.parse("2026-05-04T10:00:00Z");

/** A record of one of few seconds and ports, so that the same one is in several segments. */
const record = fc.record({ second: fc.nat(30), port: fc.nat(2) });

describe("the records of evidence", () => {
  let engine: Engine;
  let written = 0;
  before(async () => {
    engine = await openEngine(512);
  });
  after(() => {
    engine.close();
  });

  async function segment(records: readonly { second: number; port: number }[]): Promise<UsedSegment> {
    const path = join(engine.folder, `${(written += 1)}.parquet`);
    const given = async function* () {
      await Promise.resolve();
      const raw = { file: "table", line: 1, value: {} };
      for (const { second, port } of records) {
        yield { record: { ...readBack, time: new Date(begin + second * 1000).toISOString(), clientPort: port }, raw };
      }
    };
    const found = await new Normaliser(engine).writeRecords(given(), path);
    return { ...found, id: "", path, sources: [], only: undefined };
  }

  it("are counted as SQL would count them all, in whatever segments they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(record, { maxLength: 8 }), { minLength: 1, maxLength: 5 }), async (parts) => {
        const segments: UsedSegment[] = [];
        for (const part of parts) segments.push(await segment(part));
        const all = parts.flat();
        const distinct = new Set(all.map(({ second, port }) => `${second} ${port}`)).size;
        const expected = {
          records: all.length,
          duplicates: all.length - distinct,
          last: all.length === 0 ? null : begin + Math.max(...all.map(({ second }) => second)) * 1000,
        };
        // Of a segment with all of its files named, nothing is known before it is read.
        for (const used of [segments, segments.map((one) => ({ ...one, only: [0] }))]) {
          await createEvidence(engine, used);
          await createSessions(engine, { segments: used, filter: {}, now: new Date(begin) });
          assert.deepEqual(await countRecords(engine, used), expected);
          const [[counted] = []] = await engine.rows("SELECT coalesce(sum(records), 0)::BIGINT FROM sessions");
          assert.equal(Number(counted), distinct);
        }
      }),
      propertyRuns(30),
    );
  }).timeout(60_000);

  it("can be in two segments only at times that both cover", () => {
    const of = (...times: [first: number | null, last: number | null][]) =>
      sharedTimes(times.map(([first, last]) => ({ first, last }))).map(({ first, last }) => [first, last]);
    assert.deepEqual(of([10, 19], [0, 9], [null, null], [20, 29]), []);
    assert.deepEqual(of([0, 10], [10, 20], [19, 30]), [
      [10, 10],
      [19, 20],
    ]);
    assert.deepEqual(of([0, 100], [10, 20], [50, 120]), [
      [10, 20],
      [50, 100],
    ]);
  });
});
