import assert from "node:assert/strict";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { lines, readBack } from "../auditLines.ts";
import { both, text, read, utf16, type Row } from "./auditRows.ts";

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
    ["a list", entries],
    ["a text with a list", JSON.stringify(entries)],
    ["a list in Base64", Buffer.from(JSON.stringify(entries)).toString("base64")],
  ];
  for (const [form, body] of bodies) {
    it(`is read from events of Event Hubs whose body is ${form}`, async () => {
      const event = { SequenceNumber: 1, EnqueuedTimeUtc: "5/4/2026 10:00:00 AM", Properties: {}, Body: body };
      assert.deepEqual(await read("12.json", lines(event, { body: entries[0] }, { Body: "Zm9v" })), [
        ...both.map((record) => ({ record })),
        { record: readBack },
        { unreadable: { file: "12.json", line: 3, reason: "This is not an entry of a known log." } },
      ]);
    });
  }

  const [one] = entries;
  const raw = JSON.stringify(one);
  const wrapped: readonly (readonly [of: string, entry: object])[] = [
    ["a hit of Elasticsearch", { _index: "logs-azure", _id: "1", _source: one }],
    ["a hit with the text of the event", { _source: { event: { original: raw }, azure: {} } }],
    ["an event of Logstash", { "@timestamp": "2026-05-04T10:00:00Z", message: raw }],
    ["a result of Splunk", { preview: false, result: one }],
    ["a result of Splunk with the text of the event", { result: { _time: "2026-05-04 10:00:00 UTC", _raw: raw } }],
    ["an event that was sent to Splunk", { time: 1777888800, sourcetype: "azure", event: { records: [one] } }],
  ];
  for (const [of, entry] of wrapped) {
    it(`is read from ${of}`, async () => {
      assert.deepEqual(
        await read("export.json", lines(entry, { ...entry, category: "SignInLogs", time: "2026-05-04" })),
        [{ record: readBack }, { otherLog: "SignInLogs" }],
      );
    });
  }

  it("is read from the answer to a search in Elasticsearch", async () => {
    const hits = entries.map((_source) => ({ _index: "logs-azure", _source }));
    const answer = { took: 1, hits: { total: { value: 2 }, hits: [...hits, { _source: { hello: 1 } }] } };
    assert.deepEqual(await read("answer.json", JSON.stringify(answer)), [
      ...both.map((record) => ({ record })),
      { unreadable: { file: "answer.json", line: 1, reason: "This is not an entry of a known log." } },
    ]);
  });

  it("is read from the column _raw of Splunk's CSV", async () => {
    const cell = `"${raw.replaceAll('"', '""')}"`;
    const rows = ["_time,_raw,host", `2026-05-04T10:00:00Z,${cell},h`, "2026-05-04T10:00:00Z,{broken,h"];
    assert.deepEqual(await read("splunk.csv", rows.join("\n")), [
      { record: readBack },
      { unreadable: { file: "splunk.csv", line: 3, reason: "The record is cut off or damaged." } },
    ]);
  });

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
    ["JSON behind something else", text.replaceAll(/^(?=\{)/gm, "May  4 10:00:00 vm bastion: "), "unreadable"],
    ["JSON with colours", text.replaceAll(/"(\w+)":/g, '\u001b[94m"$1"\u001b[39;49;00m:'), "unreadable"],
    ["texts of JSON", `${JSON.stringify(text)}\n`, "unreadable"],
    ["dictionaries of Python", "{'time': '2026-05-04T10:00:00Z', 'category': 'BastionAuditLogs'}\n", "unreadable"],
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
    assert.deepEqual(await read("a.json", "one\ntwo\n"), [{ unreadable: { file: "a.json", line: null, reason } }]);
    for (const [name, content] of [
      ["README", "one\ntwo\n"],
      ["a.json.d/README", "one\ntwo\n"],
      ["PT1H.json.md5", "d41d8cd98f00b204e9800998ecf8427e\n"],
      ["PT1H.json.gz.sha256", "e3b0c44298fc1c14  PT1H.json.gz\n"],
      ["azcopy.log", "2026/05/04 21:24:10 AzcopyVersion  10.30.1\n2026/05/04 21:24:10 OS-Environment  windows\n"],
    ] as const) {
      assert.deepEqual(await read(name, content), [{ aside: { file: name, line: null, reason } }]);
    }
    const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0xfe]);
    assert.deepEqual(await read("a.png", picture), [{ aside: { file: "a.png", line: null, reason } }]);
  });
});
