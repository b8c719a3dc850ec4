import assert from "node:assert/strict";
import fc from "fast-check";
import { resolveColumnIfExists } from "../../../sandbox/query/columnIfExists.ts";
import { tokensOf } from "../../../sandbox/query/tokens.ts";

const tables = { Sessions: { Person: "string", Port: "int" }, Other: { Colour: "string" } } as const;

function resolved(kql: string): string {
  return resolveColumnIfExists(kql, tables);
}

describe("column_ifexists", () => {
  it("is the column where a table of the query has it", () => {
    assert.equal(resolved('Sessions | extend P = column_ifexists("Person", "")'), "Sessions | extend P = Person");
    assert.equal(resolved("Sessions | where columnifexists ( 'Port' , 0 ) > 1"), "Sessions | where Port > 1");
  });

  it("is its second argument where none has it", () => {
    assert.equal(resolved('Sessions | extend P = column_ifexists("Colour", "")'), 'Sessions | extend P = ( "")');
    assert.equal(
      resolved('Sessions | extend P = column_ifexists("Nobody", column_ifexists("Person", f(1, "a)")))'),
      "Sessions | extend P = ( Person)",
    );
  });

  it("is the column where an operator before has made it, and not where its own does", () => {
    assert.equal(
      resolved('Sessions | project Who = Person | extend Who = column_ifexists("Who", "")'),
      "Sessions | project Who = Person | extend Who = Who",
    );
    assert.equal(
      resolved('let S = Sessions | extend Who=Person; S | where column_ifexists("Who", "") == Person'),
      "let S = Sessions | extend Who=Person; S | where Who == Person",
    );
    assert.equal(
      resolved('Sessions | where Who == Person | extend Who = column_ifexists("Who", "")'),
      'Sessions | where Who == Person | extend Who = ( "")',
    );
  });

  it("is not looked for in texts and comments", () => {
    for (const kql of [
      `Sessions | where Person == 'column_ifexists("Person", "")'`,
      `Sessions | where Person == @"column_ifexists('Person', 1)"`,
      "Sessions // column_ifexists('Person', 1)\n| take 1",
      'Sessions | where Person == ```column_ifexists("Person", "")```',
    ]) {
      assert.equal(resolved(kql), kql);
    }
  });

  it("is left to the engine where it is not called as documented", () => {
    for (const call of [
      "column_ifexists(Person, 1)",
      'column_ifexists("Person")',
      'column_ifexists("Person", 1, 2)',
      'column_ifexists("Person", 1',
      "column_ifexists",
    ]) {
      assert.equal(resolved(`Sessions | extend P = ${call}`), `Sessions | extend P = ${call}`);
    }
  });
});

describe("the tokens of a query", () => {
  it("put together are the query, whatever it is", () => {
    const pieces = fc.constantFrom('"', "'", "@", "\\", "`", "~~~", "```", "//", "\n", " ", "h", "name", "(", ")", ",");
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: pieces })), (kql) => {
        const tokens = tokensOf(kql);
        assert.equal(tokens.map(({ text }) => text).join(""), kql);
      }),
    );
  });
});
