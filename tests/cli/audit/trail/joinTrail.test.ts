import assert from "node:assert/strict";
import type { Engine } from "../../../../cli/audit/store/engine.ts";
import { trailQuery } from "../../../../cli/audit/trail/joinTrail.ts";
import { caseGroups, rowsOf, saidOf } from "./cases.ts";
import { joinIn, trailEngine } from "./relationRows.ts";

describe("the trail", () => {
  let engine: Engine;
  before(async () => {
    engine = await trailEngine();
  });
  after(() => {
    engine.close();
  });

  for (const [title, cases] of Object.entries(caseGroups)) {
    describe(title, () => {
      for (const one of cases) {
        it(one.name, async () => {
          const rows = await joinIn(engine, rowsOf(one), trailQuery("sql"));
          assert.deepEqual(saidOf(one, rows), one.says);
        });
      }
    });
  }

  it("has one row for each session, by its start", async () => {
    const { sessions, ...rest } = rowsOf({ name: "", rows: {}, says: [] });
    assert.deepEqual(sessions, []);
    assert.deepEqual(await joinIn(engine, { sessions, ...rest }, trailQuery("sql")), []);
  });
});
