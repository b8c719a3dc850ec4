import assert from "node:assert/strict";
import { cellsIn } from "../../../../cli/audit/pieces/csvHeader.ts";

const commas = { delimiter: ",", isSpaced: false };

describe("a row of CSV", () => {
  const rows: readonly (readonly [row: string, cells: readonly string[]])[] = [
    ["a,,b", ["a", "", "b"]],
    ["", [""]],
    [",", ["", ""]],
    ['"a,b","",c\r', ["a,b", "", "c"]],
    ['"say ""a"", ""b""","""","a\nb"', ['say "a", "b"', '"', "a\nb"]],
  ];
  for (const [row, cells] of rows) {
    it(`has the cells ${JSON.stringify(cells)}`, () => {
      assert.deepEqual(cellsIn(row, commas), cells);
    });
  }

  it("may have a space behind each delimiter", () => {
    assert.deepEqual(cellsIn('a; "b; c"; d', { delimiter: ";", isSpaced: true }), ["a", "b; c", "d"]);
  });

  for (const row of ['a"b",c', '"a"b,c', '"a,b', '"a" ,b', '"']) {
    it(`is something else than ${row}`, () => {
      assert.equal(cellsIn(row, commas), undefined);
    });
  }
});
