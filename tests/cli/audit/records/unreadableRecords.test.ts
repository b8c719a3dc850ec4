import assert from "node:assert/strict";
import { blobRecord, lines, readBack } from "../auditLines.ts";
import { read } from "./readContent.ts";

const line = JSON.stringify(blobRecord());
const pretty = JSON.stringify(blobRecord(), null, 2);

describe("a damaged record in a list that is all on one line", () => {
  const list = [1, 2, 3, 4].map((number) => JSON.stringify(blobRecord({ tunnelId: `t${number}` })));
  const whole = list[1] ?? "";
  for (const [damage, second] of [
    ["lacks a quotation mark", whole.replace('"userName"', '"userName')],
    ["lacks a brace", whole.slice(0, -1)],
    ["is cut off", whole.slice(0, 100)],
    ["has a bracket of another kind", whole.replace("50123", "50123]")],
    ["is empty", "{,"],
  ] as const) {
    it(`costs itself alone where it ${damage}`, async () => {
      for (const [before, after] of [
        ["[", "]"],
        ['{"records": [', "]}"],
      ]) {
        const found = await read(`${before}${list.with(1, second).join(",")}${after}\n`);
        assert.deepEqual(
          found.flatMap((one) => ("tunnelId" in one ? [one.tunnelId] : [])),
          ["t1", "t3", "t4"],
        );
        assert.equal(found.filter((one) => "reason" in one && one.line === 1).length, 1);
      }
    });
  }
});

describe("what cannot be read in a file of audit records", () => {
  const unreadable: [name: string, content: string | Uint8Array, expected: unknown[]][] = [
    [
      "text that is no JSON",
      `${line}\nlorem ipsum\n${line}\n`,
      [readBack, { line: 2, reason: "This is not JSON." }, readBack],
    ],
    [
      "JSON that is no object",
      `${line}\nnull\n"text"\n${line}\n7 8\n`,
      [
        readBack,
        { line: 2, reason: "This is not a JSON object." },
        { line: 3, reason: "This is not a JSON object." },
        readBack,
        { line: 5, reason: "This is not JSON." },
      ],
    ],
    [
      "a line cut in a text",
      `${line.slice(0, 100)}\n${line}\n`,
      [{ line: 1, reason: "The record is cut off or damaged." }, readBack],
    ],
    [
      "a line cut between members",
      `${line.slice(0, line.indexOf('"level"'))}\n${line}\n`,
      [{ line: 1, reason: "The record is cut off or damaged." }, readBack],
    ],
    [
      "a line cut before a value",
      `${line.slice(0, line.indexOf("{", 1))}\n${line}\n${line}\n`,
      [{ line: 1, reason: "The record is cut off or damaged." }, readBack, readBack],
    ],
    [
      "several cut lines",
      `${line.slice(0, 90)}\n${line.slice(0, 70)}\n${line}`,
      [
        { line: 1, reason: "The record is cut off or damaged." },
        { line: 2, reason: "The record is cut off or damaged." },
        readBack,
      ],
    ],
    [
      "a line without its beginning",
      `${line.slice(20)}\n${line}\n`,
      [{ line: 1, reason: "This is not JSON." }, readBack],
    ],
    [
      "a missing quotation mark",
      `${line.replace('"level', "level")}\n${line}\n`,
      [{ line: 1, reason: "The record is cut off or damaged." }, readBack],
    ],
    [
      "a cut record that is pretty-printed, once",
      `${pretty.slice(0, 400)}\n${pretty}\n`,
      [{ line: 1, reason: "The record is cut off or damaged." }, readBack],
    ],
    [
      "a damaged record in a wrapper",
      `{"records":[\n${line},\n${line.slice(0, 80)}\n${line}\n]}`,
      [readBack, { line: 3, reason: "The record is cut off or damaged." }, readBack],
    ],
    [
      "bytes that are no UTF-8",
      Buffer.concat([Buffer.from(`${line}\n`), Buffer.from([0x7b, 0xff, 0x0a]), Buffer.from(line)]),
      [readBack, { line: 2, reason: "The line is not UTF-8 or UTF-16 text." }, readBack],
    ],
    [
      "a record without a time",
      lines({ ...blobRecord(), time: undefined }),
      [{ line: 1, reason: "The record has no time." }],
    ],
    ...["Local Time", "UTC+02:00"].map((zone): [string, string, unknown[]] => [
      `a row of CSV with its time in ${zone}`,
      `"TimeGenerated [${zone}]",TunnelId\n"5/4/2026, 12:00:00.123 PM",t\n`,
      [
        {
          line: 2,
          reason:
            `The record has no time in UTC, only the column 'timegenerated [${zone.toLowerCase()}]': ` +
            "let the portal show UTC, and export again.",
        },
      ],
    ]),
    [
      "a time that is none",
      lines(blobRecord({}, { time: "yesterday" })),
      [{ line: 1, reason: "Its time is not an ISO 8601 date: yesterday" }],
    ],
    ...["46146.4166666667", "46146,41", "00:00.1"].map((time): [string, string, unknown[]] => [
      `${time}, which a spreadsheet made of a time`,
      lines(blobRecord({}, { time })),
      [{ line: 1, reason: `A spreadsheet has saved its time as ${time}: use the file as it was exported.` }],
    ]),
    [
      "a day that no month has",
      lines(blobRecord({}, { time: "2026-02-30T10:00:00Z" })),
      [{ line: 1, reason: "Its time is not an ISO 8601 date: 2026-02-30T10:00:00Z" }],
    ],
    [
      "a record of another log",
      lines(blobRecord({}, { category: "Administrative" })),
      [{ otherLog: "Administrative" }],
    ],
    [
      "a row of another table, whatever is in its columns",
      lines({ records: [{ TimeGenerated: "2026-05-04T10:00:00Z", Type: "OTelLogs", Body: '{"a":1}', Results: [1] }] }),
      [{ otherLog: "OTelLogs" }],
    ],
    [
      "a row of AzureDiagnostics that has neither a category nor a fact of a session",
      lines({ TimeGenerated: "2026-05-04T10:00:00Z", Type: "AzureDiagnostics", OperationName: "SecretGet" }),
      [{ line: 1, reason: "This is not an entry of a known log." }],
    ],
    ["an object that is no record", lines({ hello: 1 }), [{ line: 1, reason: "This is not an entry of a known log." }]],
    [
      "a record without any fact of a session",
      lines(blobRecord({}, { properties: { unknown_s: "x" } }), blobRecord({}, { properties: "System.Object" })),
      [
        { line: 1, reason: "The record has no fact of a session." },
        { line: 2, reason: "The record has no fact of a session." },
      ],
    ],
    ["a number in a list of records", '{"records":[5]}', [{ line: 1, reason: "This is not a JSON object." }]],
    [
      "values in an array that are no objects, those beside each other once",
      `[null, 5, ${line}, "a \\" ]", ${line}, undefined]`,
      [
        { line: 1, reason: "This is not a JSON object." },
        readBack,
        { line: 1, reason: "This is not a JSON object." },
        readBack,
        { line: 1, reason: "This is not a JSON object." },
      ],
    ],
    [
      "a word in an array of several lines",
      `[\nnull,\n${line}\n]`,
      [{ line: 2, reason: "This is not a JSON object." }, readBack],
    ],
    [
      "what an answer to a batch of queries lacks",
      lines({
        responses: [
          { id: "1", status: 400, body: { error: { code: "BadArgumentError", message: "No." } } },
          { id: "2", status: 200, body: { tables: [], error: { code: "PartialError", message: "Too much." } } },
          { id: "3", status: 200 },
        ],
      }),
      [
        { line: 1, reason: "This is not an entry of a known log." },
        { line: 1, reason: "This answer of Azure is incomplete: BadArgumentError: No." },
        { line: 1, reason: "This answer of Azure is incomplete: PartialError: Too much." },
      ],
    ],
    [
      "parts of an answer of Azure Data Explorer, and its errors",
      lines({ FrameType: "TableFragment", Rows: [["t"]] }, { FrameType: "DataSetCompletion", HasErrors: true }),
      [
        { line: 1, reason: "This is not an entry of a known log." },
        { line: 2, reason: "This is not an entry of a known log." },
      ],
    ],
    [
      "what an answer of a query lacks",
      lines({
        tables: [],
        error: { code: "PartialError", message: "There were some errors when processing your query." },
      }),
      [
        {
          line: 1,
          reason:
            "This answer of Azure is incomplete: PartialError: There were some errors when processing your query.",
        },
      ],
    ],
    [
      "that a list has a further page",
      lines({ value: [blobRecord()], nextLink: "https://example.com/2" }),
      [readBack, { line: 1, reason: "This answer has a nextLink: its further pages are not in this file." }],
    ],
    ...["", "\n"].map((between): [string, string, unknown[]] => [
      `no further page that follows, behind ${JSON.stringify(between)}`,
      `[{"value":[${line}],"nextLink":"https://example.com/2"},${between}{"value":[${line}]}]`,
      [readBack, readBack],
    ]),
    [
      "a single NUL before the first line",
      `\u0000${line}\n${line}\n`,
      [{ line: 1, reason: "This is not JSON." }, readBack],
    ],
  ];
  for (const [name, content, expected] of unreadable) {
    it(`names ${name}`, async () => {
      assert.deepEqual(await read(content), expected);
    });
  }

  it("names a cut last line as unfinished while the file grows", async () => {
    const unfinished = { line: 2, reason: "The last record is cut off: it may still be written." };
    for (const end of [1, 12, 100, 300, line.length - 1]) {
      assert.deepEqual(await read(`${line}\n${line.slice(0, end)}`, true), [readBack, unfinished], `cut at ${end}`);
    }
    assert.deepEqual(await read(`${line}\n${pretty.slice(0, 300)}`, true), [readBack, unfinished]);
    const csv = 'time,tunnelId,message\n2026-05-04T10:00:00Z,t,"half';
    assert.deepEqual(await read(csv, true), [unfinished]);
  });

  it("names an array that is cut between two records while the file grows", async () => {
    const open = { line: 1, reason: "This array is not closed yet: it may still be written." };
    for (const end of ["", ",", ",\n"]) {
      assert.deepEqual(await read(`[${line}${end}`, true), [readBack, open]);
      assert.deepEqual(await read(`{"records":[${line}${end}`, true), [readBack, open]);
    }
    const unfinished = { line: 1, reason: "The last record is cut off: it may still be written." };
    assert.deepEqual(await read(`[${line},${line.slice(0, 90)}`, true), [readBack, unfinished]);
    assert.deepEqual(await read(`[${line}]`, true), [readBack]);
  });

  it("still names damage inside a file that grows", async () => {
    assert.deepEqual(await read(`${line.slice(0, 100)}\n${line}\n`, true), [
      { line: 1, reason: "The record is cut off or damaged." },
      readBack,
    ]);
  });
});
