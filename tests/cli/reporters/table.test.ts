import assert from "node:assert/strict";
import fc from "fast-check";
import stringWidth from "string-width";
import { report } from "../../../cli/reporters/report.ts";
import type { Column } from "../../../cli/reporters/rows.ts";
import { formatTime } from "../../../cli/time.ts";
import { fakeIo } from "../fakeIo.ts";
import { columns, ada, eve, table, shown, type Visit } from "./visits.ts";

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

  it("shows the times in a message in the local time zone too, where that is asked for", async () => {
    const io = fakeIo({});
    const message: Column<Visit> = { key: "message", type: "message", value: () => "Open until 2026-05-04 10:00:00Z." };
    await report(io, { ...table, local: true }, { rows: [ada], columns: [message], json: {}, empty: "" });
    const until = formatTime("2026-05-04T10:00:00Z", { local: true });
    assert.equal(io.written.stdout, `MESSAGE\nOpen until ${until}.\n`);
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
