import assert from "node:assert/strict";
import { parse } from "node:path";
import fc from "fast-check";
import stringWidth from "string-width";
import { UserError } from "../../../cli/errors.ts";
import { report, tail, type FormatOptions } from "../../../cli/reporters/report.ts";
import type { Column } from "../../../cli/reporters/rows.ts";
import { fakeIo, type FakeOptions } from "../fakeIo.ts";

interface Visit {
  readonly at: string;
  readonly who: string | null;
  readonly seconds?: number;
  readonly id?: string;
}

const columns: readonly Column<Visit>[] = [
  { key: "at", type: "time", value: ({ at }) => at },
  { key: "who", value: ({ who }) => who, colour: ({ who }) => (who === "eve" ? "red" : undefined) },
  { key: "durationSeconds", title: "DURATION", type: "duration", value: ({ seconds }) => seconds },
  { key: "id", value: ({ id }) => id, short: ({ id }) => id && parse(id).base, leaveOut: 1 },
];

const ada: Visit = { at: "2026-05-04T10:00:00.000Z", who: "ada", seconds: 725, id: "/vms/web" };
const eve: Visit = { at: "2026-05-04T11:00:00.000Z", who: "eve" };

const table: FormatOptions = { json: false, csv: false, local: false };
const csv: FormatOptions = { ...table, csv: true };
const json: FormatOptions = { ...table, json: true };

async function shown(rows: readonly Visit[], options: FormatOptions, fake: FakeOptions = {}): Promise<string> {
  const io = fakeIo(fake);
  const count = await report(io, options, { rows, columns, json: { visits: rows }, empty: "No visits." });
  assert.equal(count, options.json ? 0 : rows.length);
  return io.written.stdout;
}

describe("a result as a table", () => {
  it("has a header, a line for each row, and a mark for unknown values", async () => {
    assert.equal(
      await shown([ada, eve], table),
      [
        "AT                    WHO  DURATION  ID",
        "2026-05-04 10:00:00Z  ada   12m 05s  web",
        "2026-05-04 11:00:00Z  eve         -  -",
        "",
      ].join("\n"),
    );
  });

  it("shows the resource group of a name that several resources have", async () => {
    const id = (group: string, name: string) =>
      `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
    const visits = [id("one", "web"), id("TWO", "web"), id("ONE", "Web"), id("one", "db")];
    const text = await shown(
      visits.map((one) => ({ ...ada, id: one })),
      table,
    );
    assert.deepEqual(
      text
        .split("\n")
        .slice(1, 5)
        .map((line) => line.split("  ").at(-1)),
      ["one/web", "TWO/web", "ONE/Web", "db"],
    );
  });

  it("says that there are no rows", async () => {
    assert.equal(await shown([], table), "No visits.\n");
  });

  it("has colours only for a terminal that supports them", async () => {
    assert.ok((await shown([eve], table, { columns: 80, colour: true })).includes("\u001B[31meve\u001B[39m"));
    for (const fake of [{}, { columns: 80 }]) {
      assert.ok(!(await shown([ada, eve], table, fake)).includes("\u001B"));
    }
  });

  it("leaves out columns to fit the terminal, lists them, and cuts no name", async () => {
    const long = { ...ada, who: "ada.king-noel.countess.of.lovelace@example.com" };
    const text = await shown([long, eve], table, { columns: 44 });
    assert.equal(
      text,
      [
        "AT                    WHO           DURATION",
        "2026-05-04 10:00:00Z  ada.king-noel.countess.of.lovelace@example.com  12m 05s",
        "2026-05-04 11:00:00Z  eve                  -",
        "Hidden columns: id. --json has all.",
        "",
      ].join("\n"),
    );
  });

  type Kind = Pick<Column<Visit>, "type" | "leaveOut">;
  async function fitted(kind: Kind, ids: readonly string[], width: number): Promise<string[]> {
    const io = fakeIo({ columns: width });
    const rows = ids.map((id) => ({ ...ada, id }));
    await report(io, table, {
      rows,
      columns: [columns[0]!, columns[1]!, { key: "id", value: ({ id }) => id, ...kind }],
      json: {},
      empty: "",
    });
    return io.written.stdout.trimEnd().split("\n").slice(1);
  }

  it("cuts prose before it leaves it out", async () => {
    const prose = { type: "prose", leaveOut: 1 } as const;
    const text = "rotate the logs of the web servers";
    assert.deepEqual(await fitted(prose, [text], 45), ["2026-05-04 10:00:00Z  ada  rotate the logs o…"]);
    assert.deepEqual(await fitted(prose, [text], 38), [
      "2026-05-04 10:00:00Z  ada",
      "Hidden columns: id. --json has all.",
    ]);
  });

  it("shortens ids to what distinguishes them", async () => {
    const id = { type: "id" } as const;
    const [one, other] = ["2f1a7a4e-90b8-4c0f", "7e1c52ab-4f0e-4a55"] as const;
    assert.deepEqual(await fitted(id, [one, other], 45), [
      `2026-05-04 10:00:00Z  ada  ${one}`,
      `2026-05-04 10:00:00Z  ada  ${other}`,
    ]);
    assert.deepEqual(await fitted(id, [one, other], 44), [
      "2026-05-04 10:00:00Z  ada  2f1a7a4e…",
      "2026-05-04 10:00:00Z  ada  7e1c52ab…",
    ]);
    assert.deepEqual(await fitted(id, [one, "2F1A7A4E-91C2-4C0F", one], 44), [
      "2026-05-04 10:00:00Z  ada  2f1a7a4e-90…",
      "2026-05-04 10:00:00Z  ada  2F1A7A4E-91…",
      "2026-05-04 10:00:00Z  ada  2f1a7a4e-90…",
    ]);
  });

  it("shows a message in full, even in a narrow terminal", async () => {
    const message = { type: "message" } as const;
    const text = "You may not do that here. Ask for the role.";
    assert.deepEqual(await fitted(message, [text], 40), [`2026-05-04 10:00:00Z  ada  ${text}`]);
  });

  it("leaves a column without any value out first, and does not name it", async () => {
    const io = fakeIo({ columns: 35 });
    const more: Column<Visit>[] = [
      { key: "none", value: () => null, leaveOut: 1 },
      { key: "note", value: () => "noted", leaveOut: 2 },
    ];
    await report(io, table, { rows: [ada], columns: [columns[0]!, columns[1]!, ...more], json: {}, empty: "" });
    assert.equal(io.written.stdout, "AT                    WHO  NOTE\n2026-05-04 10:00:00Z  ada  noted\n");
  });

  it("cuts nothing in a file or a pipe", async () => {
    const who = "a".repeat(300);
    assert.ok((await shown([{ ...ada, who }], table)).includes(who));
  });

  it("measures text in terminal cells, not characters", async () => {
    const text = await shown([{ ...ada, who: "李小龍" }, eve], table);
    assert.deepEqual(text.split("\n").slice(1, 3), [
      "2026-05-04 10:00:00Z  李小龍   12m 05s  web",
      "2026-05-04 11:00:00Z  eve            -  -",
    ]);
  });

  it("makes hidden characters visible, so that two people never look alike", async () => {
    const text = await shown([{ ...ada, who: "ada\u001B[0m" }, ada], table, { columns: 80 });
    assert.deepEqual(text.split("\n").slice(1, 3), [
      "2026-05-04 10:00:00Z  ada\\u{1b}[0m   12m 05s  web",
      "2026-05-04 10:00:00Z  ada            12m 05s  web",
    ]);
  });

  it("is never wider than a terminal with room for the columns that always stay", () => {
    const visit = fc.record({ at: fc.constant(ada.at), who: fc.string({ maxLength: 2 }), id: fc.string() });
    return fc.assert(
      fc.asyncProperty(
        fc.array(visit, { minLength: 1, maxLength: 9 }),
        fc.constantFrom("text", "prose", "id"),
        fc.integer({ min: 54, max: 120 }),
        async (rows, type, width) => {
          const io = fakeIo({ columns: width });
          const last = { ...columns[3]!, type } as const;
          await report(io, table, { rows, columns: [...columns.slice(0, 3), last], json: {}, empty: "" });
          for (const line of io.written.stdout.split("\n").filter((one) => !one.startsWith("Hidden"))) {
            assert.ok(stringWidth(line) <= width, `${stringWidth(line)} > ${width}: ${line}`);
          }
        },
      ),
    );
  });

  it("holds only a few rows in memory", async () => {
    const io = fakeIo();
    let made = 0;
    let writtenAt = 0;
    async function* many(): AsyncGenerator<Visit> {
      for (; made < 20_000; made += 1) {
        if (writtenAt === 0 && io.written.stdout !== "") writtenAt = made;
        yield await Promise.resolve(ada);
      }
    }
    assert.equal(await report(io, table, { rows: many(), columns, json: {}, empty: "" }), 20_000);
    assert.ok(writtenAt > 0 && writtenAt < 5000, `first written after ${writtenAt} rows`);
  });
});

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

  for (const who of ["\n=1", "\r=1", "\t1"]) {
    it(`keeps a spreadsheet from running ${JSON.stringify(who)}`, async () => {
      assert.match(await shown([{ ...ada, who }], csv), new RegExp(`,"?'${who}"?,`));
    });
  }

  for (const [who, text] of [
    ["x;=1+1", `"x;'=1+1"`],
    ["x; \u200B@SUM(1);-2", `"x; \u200B'@SUM(1);'-2"`],
    ["x\t=1", `"x\t'=1"`],
    ["\t=1", `"'\t'=1"`],
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

describe("a result as Markdown", () => {
  const markdown: FormatOptions = { ...table, markdown: true };

  it("is a table with times and durations for people, and says that there is nothing", async () => {
    assert.equal(
      await shown([ada, eve], markdown),
      "| At | Who | Duration | Id |\n| --- | --- | --- | --- |\n" +
        "| 2026-05-04 10:00:00Z | ada | 12m 05s | web |\n| 2026-05-04 11:00:00Z | eve |  |  |\n",
    );
    assert.equal(await shown([], markdown), "No visits.\n");
  });

  const none = "<!-- -->";
  for (const [who, text] of [
    ["a|b", "a&#124;b"],
    ["a\\|b", "a&#92;&#124;b"],
    ["a\r\nb", "a&#92;u&#123;d&#125;&#92;u&#123;a&#125;b"],
    ["<b>*x*</b>", "&#60;b&#62;&#42;x&#42;&#60;&#47;b&#62;"],
    ["[x](//evil)", "&#91;x&#93;&#40;&#47;&#47;evil&#41;"],
    ["`$x$` ~~_y_~~", "&#96;$x$&#96; &#126;&#126;&#95;y&#95;&#126;&#126;"],
    ["&lt;", "&#38;lt;"],
    ["www.evil.example WWW.b 10.0.0.1", "www&#46;evil.example WWW&#46;b 10.0.0.1"],
    ["https://evil", "https&#58;&#47;&#47;evil"],
    ["ada@example", `ada&#64;${none}example`],
    ["@org/team", `&#64;${none}org&#47;team`],
    ["octo/repo#12", `octo&#47;repo&#35;${none}12`],
  ] as const) {
    it(`shows ${JSON.stringify(who)} as text`, async () => {
      assert.equal((await shown([{ ...eve, who }], markdown)).split("\n")[2]?.split(" | ")[1], text);
    });
  }
});

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
