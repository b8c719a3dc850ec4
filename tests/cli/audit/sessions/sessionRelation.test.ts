import assert from "node:assert/strict";
import { join } from "node:path";
import { sessionFields, fieldOf } from "../../../../cli/audit/fields.ts";
import { createSessions, sessionRanges } from "../../../../cli/audit/sessions/sessionRelation.ts";
import { openEngine } from "../../../../cli/audit/store/engine.ts";
import { createEvidence } from "../../../../cli/audit/store/evidence.ts";
import { Normaliser } from "../../../../cli/audit/store/normalise.ts";
import { readBack } from "../auditLines.ts";

const now = new Date("2026-05-04T10:30:00Z");

describe("the relation of sessions", () => {
  it("has every fact that a session has of its records, and what follows from them", async () => {
    const engine = await openEngine(512);
    try {
      await createEvidence(engine, []);
      await createSessions(engine, { segments: [], filter: {}, now });
      const columns = (await engine.rows("DESCRIBE sessions")).map(([name]) => String(name));
      assert.deepEqual(
        columns.toSorted(),
        [
          ...sessionFields.map((name) => fieldOf(name).session),
          ...[
            "session",
            "start",
            "end",
            "durationMs",
            "state",
            "vmName",
            "outcome",
            "records",
            "lastRecord",
            "hasStart",
          ],
        ].toSorted(),
      );
      assert.deepEqual(await engine.rows("SELECT count(*) FROM sessions"), [[0n]]);
    } finally {
      engine.close();
    }
  });

  it("can be read in ranges, which leave no session out", async () => {
    const engine = await openEngine(512);
    try {
      const path = join(engine.folder, "records.parquet");
      const records = async function* () {
        await Promise.resolve();
        const raw = { file: "table", line: 1, value: {} };
        for (let number = 0; number < 1000; number += 1) yield { record: { ...readBack, tunnelId: `t${number}` }, raw };
      };
      const found = await new Normaliser(engine).writeRecords(records(), path);
      const segments = [{ ...found, id: "", path, sources: [], only: undefined }];
      await createEvidence(engine, segments);
      await createSessions(engine, { segments, filter: {}, now });
      const ranges = await sessionRanges(engine, 300);
      assert.equal(ranges.length, 4);
      let sessions = 0;
      for (const { first, last } of ranges) {
        const [[count = 0] = []] = await engine.rows(
          `SELECT count(*) FROM sessions WHERE session BETWEEN ${first} AND ${last}`,
        );
        sessions += Number(count);
      }
      assert.equal(sessions, 1000);
    } finally {
      engine.close();
    }
  });
});
