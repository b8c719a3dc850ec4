import assert from "node:assert/strict";
import type { AuditRecord } from "../../../../cli/audit/fields.ts";
import { readRecords } from "../../../../cli/audit/records/readRecords.ts";
import { blobRecord, lines, LogFolder, readBack } from "../auditLines.ts";
import { read } from "./readContent.ts";

const line = JSON.stringify(blobRecord());
const pretty = JSON.stringify(blobRecord(), null, 2);

describe("reading audit records, whatever the file's form", () => {
  const twice = [readBack, readBack];
  const forms: [name: string, content: string | Uint8Array, expected: AuditRecord[]][] = [
    ["JSON lines", `${line}\n${line}\n`, twice],
    ["a last line without a line break", `${line}\n${line}`, twice],
    ["CRLF", `${line}\r\n${line}\r\n`, twice],
    ["CR alone", `${line}\r${line}\r`, twice],
    ["empty and blank lines", `\n${line}\n\n   \n\r\n${line}\n\n`, twice],
    ["a byte order mark", `\uFEFF${line}\n${line}\n`, twice],
    ["a byte order mark where files were joined", `${line}\n\uFEFF${line}\n`, twice],
    ["two records on one line", `${line}${line}\n`, twice],
    ["pretty-printed", `${pretty}\n${pretty}\n`, twice],
    ["pretty-printed without indentation, as the documentation", `${pretty.replaceAll(/^ +/gm, "")}\n${line}`, twice],
    ["pretty-printed with braces on lines of their own", pretty.replace(": {", ":\n{"), [readBack]],
    ["an array on one line", `[${line},${line}]`, twice],
    ["an array over several lines", `[\n${line},\n${line}\n]\n`, twice],
    ["a pretty-printed array", JSON.stringify([blobRecord(), blobRecord()], null, 2), twice],
    ["records in a wrapper", `{"records":[${line},${line}]}`, twice],
    ["a wrapper with a line for each record", `{"records": [\n${line},\n${line}\n]}\n`, twice],
    ["a wrapper begun and ended on the records' lines", `{"records":[${line},\n${line}]}\n`, twice],
    ["a pretty-printed wrapper", JSON.stringify({ Records: [blobRecord(), blobRecord()] }, null, 4), twice],
    ["a wrapper with other members before the records", JSON.stringify({ n: 2, records: [blobRecord()] }), [readBack]],
    ["several wrappers", `{"records":[${line}]}\n{"records":[${line}]}\n`, twice],
    ["a wrapper with two lists", `{"records":[${line}], "value": [${line}]}\n`, twice],
    ["a wrapper around wrappers and lists", `{"value":[{"records":[${line}]},[[${line}]]]}\n`, twice],
    ["a wrapper whose first list is empty", `{"records":[], "value": [${line}]}\n`, [readBack]],
    [
      "all pages of a list",
      `${JSON.stringify({ value: [blobRecord()], nextLink: "x" })}\n${JSON.stringify({ value: [blobRecord()] })}\n`,
      twice,
    ],
    ["a record with a list of its own", JSON.stringify({ ...blobRecord(), results: [1] }, null, 2), [readBack]],
    ["an empty wrapper, array and file", '{"records":[]}\n[]\n', []],
    ["nothing", "", []],
  ];
  for (const [name, content, expected] of forms) {
    it(`reads ${name}`, async () => {
      assert.deepEqual(await read(content), expected);
    });
  }
});

describe("what a record means", () => {
  const one = async (record: unknown): Promise<AuditRecord> => {
    const [found] = await read(JSON.stringify(record));
    assert.ok(found !== undefined && "time" in found, JSON.stringify(found));
    return found;
  };

  it("takes keys in any case", async () => {
    const { properties, ...members } = blobRecord();
    const upper = (object: object): object =>
      Object.fromEntries(Object.entries(object).map(([key, value]) => [key.toUpperCase(), value as unknown]));
    assert.deepEqual(await one({ ...upper(members), PROPERTIES: upper(properties) }), readBack);
  });

  it("takes the columns of the workspace's table", async () => {
    const { properties, resourceId, time, ...members } = blobRecord({
      Duration: 90000,
      SessionEndTime: "2026-05-04T10:01:30Z",
    });
    assert.deepEqual(await one({ TimeGenerated: time, _ResourceId: resourceId, ...members, ...properties }), {
      ...readBack,
      sessionEnd: "2026-05-04T10:01:30.000Z",
      durationMs: 90000,
    });
  });

  it("takes properties that are written as a text", async () => {
    const record = blobRecord();
    assert.deepEqual(await one({ ...record, properties: JSON.stringify(record.properties) }), readBack);
  });

  it("takes the value of a date that PowerShell wrote with a text for people", async () => {
    const time = { value: "/Date(1777888800000)/", DisplayHint: 2, DateTime: "Monday, May 4, 2026 10:00:00 AM" };
    assert.deepEqual(await one(blobRecord({}, { time })), readBack);
  });

  it("has null for missing, empty or null members, and ignores unknown ones", async () => {
    assert.deepEqual(
      await one({ time: "2026-05-04T10:00:00Z", properties: { tunnelId: "t", userEmail: "", clientPort: null, x: 1 } }),
      {
        ...Object.fromEntries(Object.keys(readBack).map((key) => [key, null])),
        time: "2026-05-04T10:00:00.000Z",
        tunnelId: "t",
      },
    );
  });

  it("reads None in a row of the Azure CLI as missing", async () => {
    const { properties, resourceId, time, ...members } = blobRecord({
      tunnelId: "None",
      userName: "None",
      duration: "None",
    });
    const row = { TimeGenerated: time, _ResourceId: resourceId, ...members, ...properties };
    const expected = { ...readBack, tunnelId: null, account: null };
    assert.deepEqual(await one({ TableName: "PrimaryResult", ...row }), expected);
    const texts = Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value)]));
    assert.deepEqual(await one(texts), expected);
    assert.equal((await one(row)).account, "None");
  });

  it("keeps an unknown operation, message and protocol", async () => {
    const record = blobRecord(
      { message: "Something new", protocol: "VNC" },
      { operationName: "Microsoft.Network/BastionHost/x" },
    );
    const { message, protocol, operationName } = await one(record);
    assert.deepEqual([message, protocol, operationName], ["Something new", "vnc", "Microsoft.Network/BastionHost/x"]);
  });

  const host = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/bastionHosts/hub";
  const ids: [written: string, meant: string][] = [
    [`${host}/`, host],
    [`${host}//`, host],
    [host.slice(1), host],
    [`${host.slice(1).toUpperCase()}/`, host.toUpperCase()],
    ["web", "web"],
    ["10.60.1.4/", "10.60.1.4/"],
  ];
  for (const [written, meant] of ids) {
    it(`reads the ARM id ${written} as ${meant}`, async () => {
      const { bastionId, targetResourceId } = await one(
        blobRecord({ targetResourceId: written }, { resourceId: written }),
      );
      assert.deepEqual([bastionId, targetResourceId], [meant, meant]);
    });
  }

  const times: [written: string, meant: string][] = [
    ["2026-05-04T10:00:00Z", "2026-05-04T10:00:00.000Z"],
    ["2026-05-04T10:00:00.1234567Z", "2026-05-04T10:00:00.123Z"],
    ["2026-05-04T12:00:00+02:00", "2026-05-04T10:00:00.000Z"],
    ["2026-05-04T12:00:00+0200", "2026-05-04T10:00:00.000Z"],
    ["2026-05-04 10:00:00", "2026-05-04T10:00:00.000Z"],
    ["2026-05-04T10:00:00.5", "2026-05-04T10:00:00.500Z"],
    ["Mon, 04 May 2026 10:00:00 GMT", "2026-05-04T10:00:00.000Z"],
    ["Mon May 04 2026 12:00:00 GMT+0200 (Central European Summer Time)", "2026-05-04T10:00:00.000Z"],
    ["5/13/2026 12:00:00 PM +02:00", "2026-05-13T10:00:00.000Z"],
    ["1777888800123", "2026-05-04T10:00:00.123Z"],
    ["1777888800.5", "2026-05-04T10:00:00.500Z"],
  ];
  for (const [written, meant] of times) {
    it(`takes ${written} for ${meant}`, async () => {
      assert.equal((await one(blobRecord({}, { time: written }))).time, meant);
    });
  }
});

describe("an invalid fact", () => {
  const facts: [facts: Record<string, unknown>, missing: keyof AuditRecord, problem: string][] = [
    [{ duration: -5 }, "durationMs", "Its duration is not a possible number of milliseconds: -5"],
    [{ duration: 1e30 }, "durationMs", "Its duration is not a possible number of milliseconds: 1e+30"],
    [{ duration: "soon" }, "durationMs", "Its duration is not a possible number of milliseconds: soon"],
    [{ clientPort: 70_000 }, "clientPort", "Its clientPort is not a port number: 70000"],
    [{ clientPort: 22.5 }, "clientPort", "Its clientPort is not a port number: 22.5"],
    [
      { sessionStartTime: "10000-01-01T00:00:00Z" },
      "sessionStart",
      "Its sessionStartTime is not a possible ISO 8601 date: 10000-01-01T00:00:00Z",
    ],
    ...["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2099-01-01T00:00:00Z"].map(
      (end): [Record<string, unknown>, keyof AuditRecord, string] => [
        { sessionEndTime: end },
        "sessionEnd",
        `Its sessionEndTime is not a possible ISO 8601 date: ${end}`,
      ],
    ),
    [
      { sessionStartTime: "2026-05-04T10:00:00Z", sessionEndTime: "2026-05-04T09:59:59Z" },
      "sessionEnd",
      "Its sessionEndTime 2026-05-04T09:59:59.000Z is before its sessionStartTime 2026-05-04T10:00:00.000Z",
    ],
  ];
  for (const [given, missing, problem] of facts) {
    it(`is reported, and the record is read without it: ${JSON.stringify(given)}`, async () => {
      const start =
        "sessionStartTime" in given && missing === "sessionEnd" ? { sessionStart: "2026-05-04T10:00:00.000Z" } : {};
      assert.deepEqual(await read(lines(blobRecord(given))), [
        { ...readBack, ...start, [missing]: null },
        { line: 1, reason: `${problem}. The record is read without it.` },
      ]);
    });
  }
});

describe("a record that was read", () => {
  it("comes with its file, its line and the raw entry", async () => {
    using folder = new LogFolder();
    const file = folder.write("PT1H.json", `${line}\n${line}\n`);
    const found = await Array.fromAsync(readRecords(file));
    assert.deepEqual(
      found.map((one) => "record" in one && one.raw),
      [1, 2].map((number) => ({ file, line: number, value: JSON.parse(line) as unknown })),
    );
  });
});
