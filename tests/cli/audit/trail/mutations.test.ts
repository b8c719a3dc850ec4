import assert from "node:assert/strict";
import type { Engine } from "../../../../cli/audit/store/engine.ts";
import { trailQuery } from "../../../../cli/audit/trail/joinTrail.ts";
import { allCases, saidOf } from "./cases.ts";
import { mergedCases, separated } from "./mergedCases.ts";
import { mutations } from "./mutations.ts";
import { joinIn, trailEngine } from "./relationRows.ts";

/** A test of the trail notices when the query lacks a condition. */
describe("without a condition, trail.sql fails a test:", function () {
  this.timeout(60_000);
  const query = trailQuery("sql");
  const sets = mergedCases(allCases);
  let engine: Engine;
  before(async () => {
    engine = await trailEngine();
  });
  after(() => {
    engine.close();
  });

  /** The names of the cases for which a query says something else. */
  async function failures(mutant: string): Promise<string[]> {
    const names: string[] = [];
    for (const set of sets) {
      const rows = separated(set, await joinIn(engine, set.rows, mutant));
      const failed = set.cases.filter((one, index) => {
        const said = saidOf(one, rows[index] ?? []);
        return JSON.stringify(said) !== JSON.stringify(ordered(one.says, said));
      });
      names.push(...failed.map(({ name }) => name));
      if (names.length > 0) break;
    }
    return names;
  }

  it("none, as it is", async () => {
    assert.deepEqual(await failures(query), []);
  });

  for (const { drops, text, by } of mutations) {
    it(drops, async () => {
      assert.ok(query.includes(text), "The query has the condition.");
      assert.notDeepEqual(await failures(query.replaceAll(text, by)), []);
    });
  }
});

/** With the members in the order in which they were said. */
function ordered(says: readonly object[], said: readonly object[]): object[] {
  return says.map((one, index) => {
    const values = one as Record<string, unknown>;
    return Object.fromEntries(Object.keys(said[index] ?? one).map((key) => [key, values[key]]));
  });
}
