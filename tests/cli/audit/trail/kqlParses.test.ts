import assert from "node:assert/strict";
import { relations } from "../../../../cli/audit/trail/relations.ts";
import { trailKql } from "../../../../cli/audit/trail/workspaceQuery.ts";
import { diagnosticsOf } from "../../../../sandbox/query/kustoParser.ts";

describe("trail.kql", () => {
  const query = trailKql(120_000);

  it("is what Microsoft's parser takes, over the columns of the relations", () => {
    assert.deepEqual(diagnosticsOf(query, relations), []);
  });

  it("is noticed when it names a column that a relation lacks", () => {
    assert.deepEqual(diagnosticsOf(query.replaceAll("SourceLo", "SourceLow"), { ...relations }).slice(0, 1), [
      "KS142 The name 'SourceLow' does not refer to any known column, table, variable or function.",
    ]);
  });
});
