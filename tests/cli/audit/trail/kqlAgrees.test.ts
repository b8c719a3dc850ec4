import assert from "node:assert/strict";
import fc from "fast-check";
import type { Engine } from "../../../../cli/audit/store/engine.ts";
import { trailQuery } from "../../../../cli/audit/trail/joinTrail.ts";
import type { JoinedRow, RelationRows } from "../../../../cli/audit/trail/relations.ts";
import { skip } from "../../../skip.ts";
import { allCases, saidOf, sorted } from "./cases.ts";
import { judged, kqlJudge } from "./kqlJudge.ts";
import { mergedCases, separated } from "./mergedCases.ts";
import { randomRelations } from "./randomRelations.ts";
import { joinIn, skewMs, trailEngine } from "./relationRows.ts";

const query = `let Skew = ${skewMs};\n${trailQuery("kql")}`;

/** A set has no order. */
function comparable(rows: readonly JoinedRow[]): JoinedRow[] {
  return rows.map((row) => ({ ...row, Candidates: sorted(row.Candidates) }));
}

describe("trail.kql, executed, gives the rows of trail.sql", function () {
  this.timeout(300_000);
  let python: string;
  let engine: Engine;

  before(async function () {
    try {
      python = kqlJudge();
    } catch {
      skip(this, "needs Python 3.11 or newer, and its packages");
    }
    engine = await trailEngine();
  });
  after(() => {
    (engine as Engine | undefined)?.close();
  });

  it("for every link, verdict, flag and trap", async () => {
    const sets = mergedCases(allCases);
    const answers = await judged(
      python,
      query,
      sets.map(({ rows }) => rows),
    );
    const said = sets.flatMap((set, index) =>
      separated(set, answers[index] ?? []).map((rows, at) => ({
        name: set.cases[at]!.name,
        says: saidOf(set.cases[at]!, rows),
      })),
    );
    assert.deepEqual(
      said,
      sets.flatMap(({ cases }) => cases.map(({ name, says }) => ({ name, says }))),
    );
  });

  it("for thousands of random rows", async () => {
    const agree = async (rows: RelationRows): Promise<void> => {
      const [kql = []] = await judged(python, query, [rows]);
      const sql = await joinIn(engine, rows, trailQuery("sql"));
      assert.equal(sql.length, rows.sessions.length);
      assert.deepEqual(comparable(kql), comparable(sql));
    };
    await fc.assert(fc.asyncProperty(randomRelations(3000), agree), { numRuns: 2, endOnFailure: true });
  });
});
