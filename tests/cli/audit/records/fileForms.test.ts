import assert from "node:assert/strict";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { readRecords } from "../../../../cli/audit/records/readRecords.ts";
import type { AuditRecord } from "../../../../cli/audit/fields.ts";
import type { SourceRecord } from "../../../../cli/audit/records/types.ts";
import { blobRecord, lines, LogFolder, readBack } from "../auditLines.ts";

const ended: AuditRecord = {
  ...readBack,
  time: "2026-05-04T10:12:05.000Z",
  message: 'Something "new", twice,\nof Zoë',
  sessionStart: "2026-05-04T10:00:00.123Z",
  sessionEnd: "2026-05-04T10:12:05.000Z",
  durationMs: 724_877,
};
const both = [readBack, ended];

const end = {
  message: ended.message,
  sessionStartTime: "2026-05-04T10:00:00.1234567Z",
  sessionEndTime: "2026-05-04T10:12:05Z",
  duration: 724_877,
};
const text = lines(blobRecord(), blobRecord(end, { time: "2026-05-04T10:12:05.0000000Z" }));

type Row = Readonly<Record<string, unknown>>;

/** A row of `MicrosoftAzureBastionAuditLogs` (azure-monitor-ref, tables/microsoftazurebastionauditlogs.md). */
function tableRow(facts: Record<string, unknown> = {}, time = readBack.time): Row {
  const { properties, resourceId, operationName, location } = blobRecord(facts);
  const pascal = Object.entries(properties).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]);
  return {
    TenantId: "t",
    TimeGenerated: time,
    ...(Object.fromEntries(pascal) as Row),
    Time: time,
    OperationName: operationName,
    Location: location,
    Type: "MicrosoftAzureBastionAuditLogs",
    _ResourceId: resourceId,
  };
}

/** A row of `AzureDiagnostics`, whose columns have their type as suffix. */
function diagnosticsRow(facts: Record<string, unknown> = {}, time = readBack.time): Row {
  const { properties, resourceId, operationName, category } = blobRecord(facts);
  const suffix = (key: string, value: unknown): string =>
    key === "tunnelId" ? "g" : key.endsWith("Time") ? "t" : typeof value === "number" ? "d" : "s";
  const typed = Object.entries(properties).map(([key, value]) => [`${key}_${suffix(key, value)}`, value]);
  return {
    TenantId: "t",
    TimeGenerated: time,
    ResourceId: resourceId,
    Category: category,
    ResourceType: "BASTIONHOSTS",
    OperationName: operationName,
    ...(Object.fromEntries(typed) as Row),
    location_s: "westeurope",
    Type: "AzureDiagnostics",
  };
}

const textIn = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);

function csv(rows: readonly Row[], delimiter = ",", named = (column: string) => column): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown): string => `"${textIn(value).replaceAll('"', '""')}"`;
  return [columns.map(named), ...rows.map((row) => columns.map((column) => row[column]))]
    .map((cells) => `${cells.map(cell).join(delimiter)}\r\n`)
    .join("");
}

function table(rows: readonly Row[]): Row {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    name: "PrimaryResult",
    columns: columns.map((name) => ({ name, type: "string" })),
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
  };
}

function explorerTable(rows: readonly Row[]): Row {
  const { columns, rows: Rows } = table(rows);
  return {
    Columns: (columns as { name: string }[]).map(({ name }) => ({ ColumnName: name, ColumnType: "string" })),
    Rows,
  };
}

/** The tables of an answer of Azure Data Explorer (dataexplorer-docs, api/rest/response-http.md). */
function explorerTables(rows: readonly Row[]): Row[] {
  const kinds = ["QueryResult", "QueryProperties", "QueryStatus"];
  const toc = kinds.map((Kind, Ordinal) => ({ Ordinal, Kind, Name: "", Id: "", PrettyName: "" }));
  return [rows, [{ Value: "{}" }], [{ Timestamp: readBack.time, Severity: 4 }], toc].map((some, at) => ({
    TableName: `Table_${at}`,
    ...explorerTable(some),
  }));
}

/** The frames of an answer of Azure Data Explorer (dataexplorer-docs, api/rest/response-v2.md). */
function explorerFrames(rows: readonly Row[]): Row[] {
  return [
    { FrameType: "DataSetHeader", IsProgressive: false, Version: "v2.0" },
    { FrameType: "DataTable", TableId: 0, TableKind: "QueryProperties", ...explorerTable([{ Key: "Visualization" }]) },
    { FrameType: "DataTable", TableId: 1, TableKind: "PrimaryResult", ...explorerTable(rows) },
    {
      FrameType: "DataTable",
      TableKind: "QueryCompletionInformation",
      ...explorerTable([{ Timestamp: readBack.time }]),
    },
    { FrameType: "DataSetCompletion", HasErrors: false, Cancelled: false },
  ];
}

/** What was read; `readRecords.test.ts` says how a record lies in its file. */
type WithoutRaw = Exclude<SourceRecord, { readonly record: AuditRecord }> | { readonly record: AuditRecord };

async function read(name: string, content: string | Uint8Array): Promise<WithoutRaw[]> {
  using folder = new LogFolder();
  const file = folder.write(name, content);
  return (await Array.fromAsync(readRecords(file))).map((found) => {
    if ("unreadable" in found) return { unreadable: { ...found.unreadable, file: name } };
    if ("record" in found) return { record: found.record };
    return "aside" in found ? { aside: { ...found.aside, file: name } } : found;
  });
}

const utf16 = (content: string, mark = "\uFEFF"): Buffer => Buffer.from(mark + content, "utf16le");

describe("a file of audit records", () => {
  for (const name of ["PT1H.json", "export.jsonl", "bastion.log", "bastion.txt", "bastion", "bastion.2026-05-04"]) {
    it(`is read as ${name}`, async () => {
      assert.deepEqual(
        await read(name, text),
        both.map((record) => ({ record })),
      );
    });
  }

  const encodings: readonly (readonly [string, Uint8Array])[] = [
    ["UTF-8 with a byte order mark", Buffer.from(`\uFEFF${text}`)],
    ["UTF-16, as Windows PowerShell writes", utf16(text)],
    ["UTF-16 without a byte order mark", utf16(text, "")],
    ["big-endian UTF-16", utf16(text).swap16()],
    ["gzip", gzipSync(text)],
    ["gzip in parts", Buffer.concat(text.split(/(?<=\n)/).map((line) => gzipSync(line)))],
    ["UTF-16 in gzip", gzipSync(utf16(text))],
    ["Zstandard", zstdCompressSync(text)],
  ];
  for (const [name, content] of encodings) {
    it(`is read in ${name}`, async () => {
      assert.deepEqual(
        await read("a.json", content),
        both.map((record) => ({ record })),
      );
    });
  }

  const entries = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
  const message = JSON.stringify({ records: entries });
  const bodies: readonly (readonly [form: string, body: unknown])[] = [
    ["an object", { records: entries }],
    ["a text", message],
    ["Base64", Buffer.from(message).toString("base64")],
    ["bytes of Avro", { bytes: Buffer.from(message).toString("latin1") }],
    ["text below bytes", { bytes: message }],
  ];
  for (const [form, body] of bodies) {
    it(`is read from events of Event Hubs whose body is ${form}`, async () => {
      const event = { SequenceNumber: 1, EnqueuedTimeUtc: "5/4/2026 10:00:00 AM", Properties: {}, Body: body };
      assert.deepEqual(await read("12.json", lines(event, { body: entries[0] }, { Body: "Zm9v" })), [
        ...both.map((record) => ({ record })),
        { record: readBack },
        { unreadable: { file: "12.json", line: 3, reason: "This is not a Bastion audit record." } },
      ]);
    });
  }

  const tar = Buffer.alloc(1024);
  tar.write("PT1H.json");
  tar.write("ustar", 257);
  tar.write(text, 512);
  const zip = "This is a zip archive or an Excel workbook: unpack it, or save the sheet as CSV.";
  const avro = "This is Avro, as Event Hubs captures it: convert it to JSON, one event per line.";
  const binary: readonly (readonly [name: string, content: string | Uint8Array, reason: string, kept: string])[] = [
    ["PT1H.json.bz2", "BZh91AY&SY", "This is compressed with bzip2: decompress it.", "unreadable"],
    ["PT1H.json.1", "\u00fd7zXZ\0", "This file is neither JSON nor CSV with a column for the time.", "unreadable"],
    ["PT1H.json.xz", Buffer.from("\u00fd7zXZ\0", "latin1"), "This is compressed with xz: decompress it.", "unreadable"],
    ["PT1H.json.gz.gz", gzipSync(gzipSync(text)), "This is compressed twice: decompress it once.", "unreadable"],
    ["PT1H.zst.gz", gzipSync(zstdCompressSync(text)), "This is compressed twice: decompress it once.", "unreadable"],
    ["logs.7z", Buffer.from("7z\u00bc\u00af'\u001c", "latin1"), "This is a 7z archive: unpack it.", "unreadable"],
    ["logs.zip", "PK\u0003\u0004", zip, "unreadable"],
    ["export.xlsx", "PK\u0003\u0004", zip, "unreadable"],
    ["report.docx", "PK\u0003\u0004", zip, "aside"],
    ["logs.tar", tar, "This is a tar archive: unpack it.", "unreadable"],
    ["logs.tar.gz", gzipSync(tar), "This is a tar archive: unpack it.", "unreadable"],
    ["12.avro", `Obj\u0001\n${text}`, avro, "unreadable"],
    ["logs.parquet", "PAR1", "This is Parquet: convert it to JSON or CSV.", "unreadable"],
    [
      "PowerBIQuery.txt",
      "/*\r\nThe exported Power Query Formula Language (M Language ) can be used\r\n[Query=\r\n",
      "This is a query for Power BI, which has no log entries: export CSV instead.",
      "aside",
    ],
  ];
  for (const [name, content, reason, kept] of binary) {
    it(`in a form that is not read is ${kept === "aside" ? "skipped" : "unreadable"} as ${name}`, async () => {
      assert.deepEqual(await read(name, content), [{ [kept]: { file: name, line: null, reason } }]);
    });
  }

  const otherForms: readonly (readonly [form: string, text: string, kept: "unreadable" | "aside"])[] = [
    ["YAML", "- TableName: PrimaryResult\n  TimeGenerated: '2026-05-04T10:00:00Z'\n", "unreadable"],
    ["a list of PowerShell", "Level          : Informational\nEventTimestamp : 5/4/2026 10:00:00 AM\n", "unreadable"],
    [
      "a table of the Azure CLI",
      "TableName      TimeGenerated         TunnelId\n-------------  --------------------  --------\n",
      "unreadable",
    ],
    ["text with tabs of the Azure CLI", "PrimaryResult\t2026-05-04T10:00:00.123Z\tanna@example.com\n", "unreadable"],
    ["XML of PowerShell", '<Objs>\n<Obj><MS><S N="TimeGenerated">2026</S></MS></Obj>\n</Objs>\n', "unreadable"],
    ["a note about a log", "# TimeGenerated: when a row was written\nwhere TimeGenerated > ago(1d)\n", "aside"],
  ];
  for (const [form, content, kept] of otherForms) {
    it(`that is ${form} is ${kept === "aside" ? "skipped" : "unreadable"}, whatever its name`, async () => {
      const reason = "This file is neither JSON nor CSV with a column for the time.";
      assert.deepEqual(await read("saved", content), [{ [kept]: { file: "saved", line: null, reason } }]);
    });
  }

  it("that is compressed and cut off is read up to there", async () => {
    const found = await read("a.gz", gzipSync(text.repeat(20_000)).subarray(0, -100));
    const [last, ...before] = found.toReversed();
    assert.deepEqual(last, {
      unreadable: {
        file: "a.gz",
        line: before.length,
        reason: "The compressed data is cut off or damaged: nothing after this is read.",
      },
    });
    assert.ok(before.length > 1000);
  });

  const whole = gzipSync(text);
  const zstd = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  const damaged: readonly (readonly [string, Buffer])[] = [
    ["a checksum that is wrong", Buffer.concat([whole.subarray(0, -8), Buffer.from("!!!!"), whole.subarray(-4)])],
    ["no checksum", whole.subarray(0, -8)],
    ["something else behind it", Buffer.concat([whole, Buffer.from("Not Found")])],
    ["a Zstandard checksum that is wrong", Buffer.concat([zstd.subarray(0, -4), Buffer.from("!!!!")])],
  ];
  for (const [what, content] of damaged) {
    it(`that is compressed, with ${what}, is read and reported as damaged`, async () => {
      const reason = "The compressed data is cut off or damaged: nothing after this is read.";
      assert.deepEqual(await read("a.gz", content), [
        ...both.map((record) => ({ record })),
        { unreadable: { file: "a.gz", line: 2, reason } },
      ]);
    });
  }

  it("that is two Zstandard frames is read up to the second one", async () => {
    const frame = zstdCompressSync(text);
    const found = await read("a.zst", Buffer.concat([frame, frame]));
    assert.deepEqual(found, [
      ...both.map((record) => ({ record })),
      {
        unreadable: {
          file: "a.zst",
          line: 2,
          reason: "The compressed data is cut off or damaged: nothing after this is read.",
        },
      },
    ]);
  });

  it("that is not a log is one place, lost where its name is that of a log", async () => {
    const reason = "This file is neither JSON nor CSV with a column for the time.";
    assert.deepEqual(await read("a.log", "one\ntwo\n"), [{ unreadable: { file: "a.log", line: null, reason } }]);
    assert.deepEqual(await read("README", "one\ntwo\n"), [{ aside: { file: "README", line: null, reason } }]);
    const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0xfe]);
    assert.deepEqual(await read("a.png", picture), [{ aside: { file: "a.png", line: null, reason } }]);
  });
});

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
