import assert from "node:assert/strict";
import { lines, readBack } from "../auditLines.ts";
import {
  ended,
  both,
  end,
  tableRow,
  diagnosticsRow,
  csv,
  table,
  explorerTables,
  explorerFrames,
  read,
  utf16,
} from "./auditRows.ts";

for (const [name, rowOf] of [
  ["MicrosoftAzureBastionAuditLogs", tableRow],
  ["AzureDiagnostics", diagnosticsRow],
] as const) {
  describe(`rows of ${name}`, () => {
    const rows = [rowOf(), rowOf(end, ended.time)];
    const words = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value)])),
    );
    const zoned = (column: string): string => (/Time(?:Generated|_t)?$/.test(column) ? `${column} [UTC]` : column);
    const forms: readonly (readonly [string, string | Uint8Array])[] = [
      ["JSON lines", lines(...rows)],
      [
        "JSON text sequences, as jq --seq writes",
        rows.map((row) => `\u001e${JSON.stringify(row, null, 2)}\n`).join(""),
      ],
      ["an array", JSON.stringify(rows, null, 2)],
      ["an array of texts, as the Azure CLI answers", JSON.stringify(words)],
      [
        "JSON made of the portal's CSV",
        JSON.stringify(
          rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [zoned(key), value]))),
        ),
      ],
      ["the tables of a query", JSON.stringify({ tables: [table(rows)] })],
      ["pretty-printed tables", JSON.stringify({ tables: [table(rows)] }, null, 2)],
      [
        "the answer to a batch of queries",
        JSON.stringify({ responses: [{ id: "1", status: 200, body: { tables: [table(rows)] } }] }),
      ],
      ["an answer of Azure Data Explorer in version 1", JSON.stringify({ Tables: explorerTables(rows) })],
      ["an answer of Azure Data Explorer in version 2", JSON.stringify(explorerFrames(rows))],
      ["an answer of Azure Data Explorer on many lines", JSON.stringify(explorerFrames(rows), null, 2)],
      ["the results of Invoke-AzOperationalInsightsQuery", JSON.stringify({ Results: rows, Error: null }, null, 4)],
      ["CSV", csv(rows)],
      ["CSV with semicolons", csv(rows, ";")],
      ["text with tabs", csv(rows, "\t")],
      ["CSV from the portal", `\uFEFF${csv(rows, ",", zoned)}`],
      ["CSV that ends lines with CR alone", csv(rows).replaceAll("\r\n", "\r")],
      ["CSV with a blank behind each comma", csv(rows).replaceAll('","', '", "')],
      ["CSV that names its delimiter", `sep=;\r\n${csv(rows, ";")}`],
      [
        "CSV that Excel saved with empty columns and rows",
        `${csv(rows).replaceAll("\r\n", ",,\r\n")}${",".repeat(60)}\r\n`,
      ],
      ["two files of CSV, joined", csv(rows).replace(/^(.*\r\n)(.*\r\n)/, "$1$2$1")],
      [
        "two files of CSV, joined, with other columns and delimiters",
        `${csv(rows.slice(0, 1))}sep=;\r\n${csv([Object.fromEntries(Object.entries(rows[1] ?? {}).reverse())], ";")}`,
      ],
      ["CSV from Windows PowerShell", utf16(`#TYPE System.Management.Automation.PSCustomObject\r\n${csv(rows)}`)],
    ];
    // Only blobs and AzureDiagnostics have a category.
    const category = name === "AzureDiagnostics" ? readBack.category : null;
    for (const [form, content] of forms) {
      it(`are read from ${form}`, async () => {
        assert.deepEqual(
          await read("export", content),
          both.map((record) => ({ record: { ...record, category } })),
        );
      });
    }

    /** The rows in the portal's CSV, in the form of a country. */
    const portal = (write: (time: string) => string): string =>
      csv(
        rows.map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([column, value]) => [
              column,
              /Time(?:Generated|_t)?$/.test(column) && typeof value === "string" ? write(value) : value,
            ]),
          ),
        ),
        ",",
        zoned,
      );
    const part = (time: string, from: number, to: number): string => time.slice(from, to);
    const clock = (time: string): string => part(time, 11, 23).replace("Z", "");

    for (const [form, write] of [
      ["the United States", (time) => `5/4/2026, ${clock(time)} AM`],
      ["Germany", (time) => `4.5.2026, ${clock(time).replace(".", ",")}`],
      ["Japan", (time) => `2026/5/4 ${clock(time)}`],
    ] satisfies [string, (time: string) => string][]) {
      it(`are read from the portal's CSV in the form of ${form}`, async () => {
        assert.deepEqual(
          await read("export.csv", portal(write)),
          both.map((record) => ({ record: { ...record, category } })),
        );
      });
    }

    it("are read from CSV below a title, whose lines are reported", async () => {
      const title = `Sessions of May, for Jörg\r\n\r\n"Source: table",,\r\n`;
      const found = async (encoding: "utf8" | "latin1") =>
        read("export", Buffer.concat([Buffer.from(title, encoding), Buffer.from(csv(rows))]));
      const reported = (...reasons: string[]) =>
        reasons.map((reason, at) => ({ unreadable: { file: "export", line: [1, 3][at], reason } }));
      const records = both.map((record) => ({ record: { ...record, category } }));
      const noRow = "This is not a row of CSV.";
      const noText = "This row is not UTF-8 or UTF-16 text: save the file as CSV UTF-8.";
      assert.deepEqual(await found("utf8"), [...reported(noRow, noRow), ...records]);
      assert.deepEqual(await found("latin1"), [...reported(noText, noRow), ...records]);
    });

    it("are read as UTC from the CSV of the Defender portal, which names no time zone", async () => {
      const date = (time: unknown): string => `May 4, 2026 ${clock(String(time)).slice(0, 8)} AM`;
      const dated = rows.map((row) => ({
        ...row,
        TimeGenerated: date(row.TimeGenerated),
        Time: date(row.TimeGenerated),
      }));
      const reason = "Its time names no time zone: dates like this are read as UTC.";
      const [note, ...found] = await read("New query.csv", csv(dated));
      assert.deepEqual(note, { aside: { file: "New query.csv", line: 2, reason } });
      assert.deepEqual(
        found.map((one) => "record" in one && one.record.time),
        ["2026-05-04T10:00:00.000Z", ended.time],
      );
    });

    it("are read from CSV with dates whose month another row tells, on whatever line", async () => {
      const british = portal((time) => `04/05/2026, ${clock(time)}`);
      const [, first = ""] = british.split("\r\n");
      const found = await read("export.csv", `${british}${first.replaceAll("04/05/2026", "13/05/2026")}\r\n`);
      assert.deepEqual(
        found.map((one) => "record" in one && one.record.time),
        [readBack.time, ended.time, readBack.time.replace("-04T", "-13T")],
      );
    });

    const american = (column: string, value: unknown): unknown =>
      /Time(?:Generated|_t)?$/.test(column) && typeof value === "string" ? `5/4/2026, ${clock(value)} AM` : value;

    it("are read from JSON that was made of the portal's CSV in the form of the United States", async () => {
      const titled = rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [zoned(column), american(column, value)])),
      );
      assert.deepEqual(
        await read("export.json", JSON.stringify(titled, null, 2)),
        both.map((record) => ({ record: { ...record, category } })),
      );
    });

    it("are read as UTC from JSON with such dates and no time zone", async () => {
      const dated = rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [column, american(column, value)])),
      );
      assert.deepEqual(await read("rows.json", lines(...dated)), [
        {
          aside: {
            file: "rows.json",
            line: 1,
            reason: "Its time names no time zone: dates like this are read as UTC.",
          },
        },
        ...both.map((record) => ({ record: { ...record, category } })),
      ]);
    });

    it("with a time that may be of either month are named, each with its line", async () => {
      const date = "04/05/2026, 10:00:00.123";
      const [first, second] = await read(
        "export.csv",
        portal(() => date),
      );
      const reason = `No date of the file tells the month of its time, ${date}: export with ISO 8601 times.`;
      assert.deepEqual(first, { unreadable: { file: "export.csv", line: 2, reason } });
      assert.deepEqual(second, { unreadable: { file: "export.csv", line: 3, reason } });
    });
  });
}

it("a row of another log needs no time zone", async () => {
  const text = 'TimeGenerated,Type\n"May 4, 2026 10:00:00 AM",SigninLogs\n';
  assert.deepEqual(await read("New query.csv", text), [{ otherLog: "SigninLogs" }]);
});

it("rows of two logs in one file of CSV each have the columns of their own header", async () => {
  const activity = csv([{ TimeGenerated: ended.time, OperationNameValue: "a/write", Type: "AzureActivity" }]);
  assert.deepEqual(await read("a.csv", `${activity}\uFEFF${csv([tableRow()])}${activity}`), [
    { otherLog: "AzureActivity" },
    { record: { ...readBack, category: null } },
    { otherLog: "AzureActivity" },
  ]);
});

it("a row of CSV with the word time as a value is no header", async () => {
  const dated = (userName: string) => ({ TimeGenerated: "May 4, 2026 10:00:00 AM", UserName: userName, TunnelId: "t" });
  const [, ...found] = await read("a.csv", csv([dated("time"), dated("TimeGenerated")]));
  assert.deepEqual(
    found.map((one) => "record" in one && one.record.account),
    ["time", "TimeGenerated"],
  );
});

describe("a damaged row of CSV", () => {
  const header = "time,tunnelId,message,operationName\n";
  const row = (tunnel: string, message: string): string => `2026-05-04T10:00:00Z,${tunnel},${message},connect\n`;
  const tunnels = async (...rows: string[]) =>
    (await read("a.csv", header + rows.join(""))).map((found) =>
      "record" in found
        ? found.record.tunnelId
        : "unreadable" in found && `${found.unreadable.line}: ${found.unreadable.reason}`,
    );

  it("with more or fewer cells than the header costs itself alone", async () => {
    assert.deepEqual(await tunnels(row("a", "x"), row("b", "x,y"), "short\n", row("c", "x")), [
      "a",
      "3: The header has 4 columns, this row has 5.",
      "4: The header has 4 columns, this row has 1.",
      "c",
    ]);
  });

  it("with an open quotation mark costs itself alone", async () => {
    assert.deepEqual(await tunnels(row("a", '"x'), row("b", '"y\nz"'), row("c", "x")), [
      "2: This is not a row of CSV.",
      "b",
      "c",
    ]);
  });
});
