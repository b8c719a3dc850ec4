import assert from "node:assert/strict";
import { printedQuery } from "../../../cli/sources/trailInWorkspace.ts";
import { diagnosticsOf } from "../../../sandbox/query/kustoParser.ts";
import { workspaceTables } from "../../../sandbox/query/workspaceTables.ts";
import { at, hub, quiet } from "../audit/trail/relationRows.ts";

describe("the printed query of the trail", () => {
  const { sessions, flows, ...rows } = quiet;
  const now = new Date(at(90));
  const [from, to] = [new Date(at(0)), new Date(at(60))];

  /** The lines after the join. */
  function restOf(query: string): string {
    assert.deepEqual([sessions, flows], [[], []]);
    assert.deepEqual(diagnosticsOf(query, workspaceTables), []);
    assert.ok(!query.includes("\n\n"));
    return query.split("| order by Start asc, Id asc\n").at(-1) ?? "";
  }

  it("returns the sessions of the range only", () => {
    const query = printedQuery({ range: { from, to }, bastion: hub }, rows, 120_000, now);
    assert.equal(
      restOf(query),
      `| where Start < ${to.getTime()}\n| where iff(Finish > 0, Finish, Seen) >= ${from.getTime()}\n`,
    );
    assert.equal(restOf(printedQuery({ range: { from: undefined, to: undefined }, bastion: hub }, rows, 0, now)), "");
  });

  it("returns for a moment also the sessions whose end no log has, for a day", () => {
    const range = { from, to: new Date(from.getTime() + 1) };
    const query = printedQuery({ range, at: from, bastion: hub }, rows, 120_000, now);
    // A week around the moment, and what sessions of that time rest on.
    assert.match(query, /TimeGenerated >= datetime\(2026-04-25T11:00:00/);
    assert.equal(
      restOf(query),
      `| where Start < ${from.getTime() + 1}\n| where iff(Finish > 0, Finish, iff(State == "closed", Seen, Seen + 86400000)) >= ${from.getTime()}\n`,
    );
  });
});
