import assert from "node:assert/strict";
import { tail, type FormatOptions } from "../../../cli/reporters/report.ts";
import { fakeIo } from "../fakeIo.ts";
import { columns, ada, eve, table, csv, json, type Visit } from "./visits.ts";

describe("rows that come one by one", () => {
  it("keep their columns if a later row has wider values", async () => {
    const io = fakeIo({ columns: 70 });
    const open = { at: ada.at, who: null };
    const later = { ...ada, who: "ada@example.com", seconds: 7200, id: "/vms/web" };
    await tail(io, table, [open, later], columns);
    assert.deepEqual(io.written.stdout.split("\n"), [
      "AT                    WHO           DURATION  ID",
      "2026-05-04 10:00:00Z  -                    -  -",
      "2026-05-04 10:00:00Z  ada@example.com  2h 00m  web",
      "",
    ]);
  });

  async function tailed(options: FormatOptions): Promise<string[]> {
    const io = fakeIo();
    const seen: string[] = [];
    async function* rows(): AsyncGenerator<Visit> {
      for (const visit of [ada, eve]) {
        yield await Promise.resolve(visit);
        await new Promise(setImmediate);
        seen.push(io.written.stdout);
      }
    }
    await tail(io, options, rows(), columns);
    return seen;
  }

  it("are lines of JSON", async () => {
    const [first = "", second] = await tailed(json);
    assert.deepEqual([first, second], [`${JSON.stringify(ada)}\n`, `${first}${JSON.stringify(eve)}\n`]);
  });

  it("are shown at once, in a table and as CSV", async () => {
    for (const options of [table, csv]) {
      const [first = "", second = ""] = await tailed(options);
      assert.ok(first.includes("ada") && !first.includes("eve"));
      assert.ok(second.startsWith(first) && second.includes("eve"));
    }
  });
});
