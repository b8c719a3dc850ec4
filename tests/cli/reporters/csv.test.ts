import assert from "node:assert/strict";
import { ada, eve, csv, shown } from "./visits.ts";

describe("a result as CSV", () => {
  it("has the values unchanged, and empty cells for unknown ones", async () => {
    assert.equal(
      await shown([ada, eve], csv),
      "at,who,durationSeconds,id\n2026-05-04T10:00:00.000Z,ada,725,/vms/web\n2026-05-04T11:00:00.000Z,eve,,\n",
    );
  });

  it("quotes what needs it", async () => {
    assert.ok((await shown([{ ...ada, who: 'a,"b"\nc' }], csv)).includes(',"a,""b""\nc",'));
  });

  const signs = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "|cmd", "%x", "\uFF1D1", "\uFF0B1", "\uFF0D1", "\uFF201"];
  const before = [" =1", "\u00A0=1", "\u200B=1", "\uFEFF=1", " \u200B =1"];
  for (const who of [...signs, ...before]) {
    it(`keeps a spreadsheet from running ${JSON.stringify(who)}`, async () => {
      assert.ok((await shown([{ ...ada, who }], csv)).includes(`,'${who},`));
    });
  }

  it("keeps a spreadsheet from running a text behind a tab", async () => {
    assert.ok((await shown([{ ...ada, who: "\t1" }], csv)).includes(`,"'\t1",`));
  });

  for (const [who, text] of [
    ["x;=1+1", `"x;'=1+1"`],
    ["x; \u200B@SUM(1);-2", `"x; \u200B'@SUM(1);'-2"`],
    ["x\t=1", `"x\t'=1"`],
    ["\t=1", `"'\t'=1"`],
    ["\n=1", `"'\n'=1"`],
    ["\r=1", `"'\r'=1"`],
    ["x\n=1;", `"x\n'=1;"`],
    ["x\r\n =1", `"x\r\n '=1"`],
    ["x\ry", `"x\ry"`],
    ["a; b", '"a; b"'],
  ] as const) {
    it(`keeps a spreadsheet from dividing ${JSON.stringify(who)} into a formula`, async () => {
      assert.ok((await shown([{ ...ada, who }], csv)).includes(`,${text},`));
    });
  }

  it("has negative numbers as numbers", async () => {
    assert.ok((await shown([{ ...ada, seconds: -5 }], csv)).includes(",ada,-5,"));
  });

  it("makes control characters visible on a terminal, and keeps them in a file", async () => {
    const who = "ada\u001B[0m\u009B2J";
    assert.ok((await shown([{ ...ada, who }], csv, { columns: 80 })).includes(",ada\\u{1b}[0m\\u{9b}2J,"));
    assert.ok((await shown([{ ...ada, who }], csv)).includes(`,${who},`));
  });

  it("has its header even without rows", async () => {
    assert.equal(await shown([], csv), "at,who,durationSeconds,id\n");
  });
});
