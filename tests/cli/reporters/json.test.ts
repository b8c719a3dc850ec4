import assert from "node:assert/strict";
import { UserError } from "../../../cli/errors.ts";
import { report } from "../../../cli/reporters/report.ts";
import { fakeIo } from "../fakeIo.ts";
import { ada, eve, json, shown } from "./visits.ts";

describe("a result as JSON", () => {
  it("is one document with the members in order", async () => {
    const io = fakeIo();
    await report(io, json, {
      rows: [],
      columns: [],
      json: { visits: [ada, eve], none: [], coverage: () => ({ from: null }), nothing: () => undefined },
      empty: "",
    });
    const parsed = JSON.parse(io.written.stdout) as object;
    assert.deepEqual(Object.keys(parsed), ["visits", "none", "coverage", "nothing"]);
    assert.deepEqual(parsed, { visits: [ada, eve], none: [], coverage: { from: null }, nothing: null });
  });

  it("prints members after the rows if they are known only then", async () => {
    const io = fakeIo();
    let count = 0;
    async function* rows(): AsyncGenerator<number> {
      for (; count < 3; count += 1) yield await Promise.resolve(count);
    }
    await report(io, json, { rows: [], columns: [], json: { rows: rows(), count: () => count }, empty: "" });
    assert.deepEqual(JSON.parse(io.written.stdout), { rows: [0, 1, 2], count: 3 });
  });

  it("cannot be combined with CSV", async () => {
    await assert.rejects(
      shown([], { ...json, csv: true }),
      new UserError("--json and --csv cannot be combined.", "Use one of them."),
    );
  });
});
