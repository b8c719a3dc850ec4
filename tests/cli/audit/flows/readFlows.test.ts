import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { readFlowFiles, type SourceFlow } from "../../../../cli/audit/flows/readFlows.ts";
import { csv, joined } from "../records/auditRows.ts";
import { temporaryFolder } from "../../../held.ts";

const acl = "7c1d5a52-5a0f-4f1e-9a6b-0c3d2e1f4a5b";

function record(rule: string, ...flowTuples: unknown[]): Readonly<Record<string, unknown>> {
  return {
    time: "2026-03-02T10:00:52.5625085Z",
    flowLogVersion: 4,
    macAddress: "000D3A123456",
    category: "FlowLogFlowEvent",
    operationName: "FlowLogFlowEvent",
    flowRecords: { flows: [{ aclID: acl, flowGroups: [{ rule, flowTuples }] }] },
  };
}

/** 2 March 2026, 10:00 UTC. */
const ten = Date.parse("2026-03-02T10:00:00Z");
const tuple = (minute: number, state: string, counts = "0,0,0,0"): string =>
  `${ten + minute * 60_000},10.0.0.4,10.0.1.4,51000,22,6,I,${state},NX,${counts}`;

const flow = {
  vmIp: "10.0.1.4",
  port: 22,
  sourceIp: "10.0.0.4",
  sourcePort: 51_000,
  protocol: 6,
  rule: "allow",
  group: acl,
  intervalMs: 0,
};

describe("files of flows", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  function write(name: string, content: string | Buffer): string {
    const file = join(folder.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }
  const blob = (hour: string): string =>
    `flowLogResourceID=/S_G/W_F/y=2026/m=03/d=02/h=${hour}/m=00/macAddress=0/PT1H.json`;
  const read = (...files: string[]): Promise<SourceFlow[]> => Array.fromAsync(readFlowFiles(files));

  it("are blobs of a flow log: a connection over several hours is one row, whatever the order of the files", async () => {
    const first = write(blob("10"), JSON.stringify({ records: [record("UserRule_allow", tuple(58, "B"))] }));
    const second = write(
      blob("11"),
      JSON.stringify({ records: [record("UserRule_allow", tuple(63, "C", "1,100,1,200"), tuple(64, "E", "1,1,1,2"))] }),
    );
    assert.deepEqual(await read(second, first), [
      { flow: { ...flow, start: ten + 58 * 60_000, end: ten + 64 * 60_000, state: "E", hasBegin: true, bytes: 303 } },
    ]);
  });

  it("are in the order of their first records where their paths name no hour, as a browser saves them", async () => {
    const first = write("PT1H.json", JSON.stringify({ records: [record("allow", tuple(58, "B"))] }));
    const next = { ...record("allow", tuple(64, "E", "1,1,1,2")), time: "2026-03-02T11:00:52Z" };
    const second = write("PT1H (1).json", JSON.stringify({ records: [next] }));
    const empty = write("PT1H (2).json", "");
    assert.deepEqual(await read(empty, second, first), [
      { flow: { ...flow, start: ten + 58 * 60_000, end: ten + 64 * 60_000, state: "E", hasBegin: true, bytes: 3 } },
    ]);
  });

  it("may be tables that a tool made of them: JSON, or CSV with the list as a text", async () => {
    const rows = [joined(record("allow", tuple(1, "B")), "."), joined(record("allow", tuple(2, "E")), ".")];
    const found = [
      { flow: { ...flow, start: ten + 60_000, end: ten + 120_000, state: "E", hasBegin: true, bytes: 0 } },
    ];
    assert.deepEqual(await read(write("rows.json", JSON.stringify(rows))), found);
    assert.deepEqual(await read(write("rows.csv", csv(rows))), found);
  });

  it("may be compressed, under any name, with one record per line", async () => {
    const lines = [record("allow", tuple(1, "D")), record("allow", tuple(2, "D"))].map((one) => JSON.stringify(one));
    assert.deepEqual(await read(write("download.bin", gzipSync(lines.join("\n")))), [
      { flow: { ...flow, start: ten + 60_000, end: ten + 120_000, state: "D", hasBegin: false, bytes: 0 } },
    ]);
  });

  it("give what can be read, and report the rest with its place", async () => {
    const broken = { ...record("allow"), flowRecords: { flows: [{ aclID: acl }] } };
    const other = { time: "2026-03-02T10:00:00Z", category: "BastionAuditLogs" };
    const outbound = tuple(1, "B").replace(",I,", ",O,");
    const file = write(
      "flows.json",
      [
        record("allow", tuple(1, "B"), "nonsense", outbound),
        { ...record("allow"), flowRecords: null },
        broken,
        other,
        "{",
      ]
        .map((one) => (typeof one === "string" ? one : JSON.stringify(one)))
        .join("\n"),
    );
    assert.deepEqual(await read(file), [
      { passedOver: 1 },
      {
        wrong: {
          file,
          line: 1,
          reason: 'The flow tuple "nonsense" cannot be read: it has 1 of 13 fields.',
        },
      },
      { wrong: { file, line: 2, reason: "The record of a flow log has no flowRecords.flows." } },
      { wrong: { file, line: 3, reason: "A record of a flow log has flows without flowGroups." } },
      { otherLog: "BastionAuditLogs" },
      { unreadable: { file, line: 5, reason: "The record is cut off or damaged." } },
      { flow: { ...flow, start: ten + 60_000, end: ten + 60_000, state: "B", hasBegin: true, bytes: 0 } },
    ]);
  });
});

describe("rows of NTANetAnalytics", () => {
  const row = (more: object = {}): object => ({
    TimeGenerated: "2026-03-02T11:00:00Z",
    SubType: "FlowLog",
    FlowIntervalStartTime: "2026-03-02T10:00:00Z",
    FlowIntervalEndTime: "2026-03-02T10:10:00Z",
    FlowStartTime: "2026-03-02T10:01:00Z",
    FlowEndTime: "2026-03-02T10:09:00Z",
    SrcIp: "10.0.0.4",
    DestIp: "10.0.1.4",
    DestPort: 22,
    L4Protocol: "T",
    FlowDirection: "I",
    FlowStatus: "A",
    AclGroup: "s/g/nsg",
    AclRule: "UserRule_allow",
    AllowedInFlows: 1,
    CompletedFlows: 1,
    BytesSrcToDest: 100,
    BytesDestToSrc: 23,
    ...more,
  });
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder.path, "rows.json");
  });
  afterEach(() => {
    folder.remove();
  });

  const read = (...rows: object[]): Promise<SourceFlow[]> => {
    writeFileSync(file, rows.map((one) => `${JSON.stringify(one)}\n`).join(""));
    return Array.fromAsync(readFlowFiles([file]));
  };
  const summed = {
    ...flow,
    sourcePort: null,
    group: "s/g/nsg",
    start: ten + 60_000,
    end: ten + 9 * 60_000,
    state: "E",
    hasBegin: true,
    bytes: null,
    intervalMs: 540_000,
  };

  it("are flows that are summed up already", async () => {
    assert.deepEqual(await read(row()), [{ flow: summed }]);
    assert.deepEqual(await read(row({ Type: "ntanetanalytics", FlowStatus: "Denied", DeniedInFlows: 1 })), [
      { flow: { ...summed, state: "D", hasBegin: false } },
    ]);
  });

  it("may be CSV without the time at which they were written", async () => {
    const facts = Object.entries(row()).slice(1);
    writeFileSync(
      file,
      [0, 1]
        .map((at) => facts.map((fact) => String(fact[at])))
        .map((cells) => `${cells.join(",")}\n`)
        .join(""),
    );
    assert.deepEqual(await Array.fromAsync(readFlowFiles([file])), [{ flow: summed }]);
  });

  it("have no begin if a connection only continues, and no end if none ended", async () => {
    assert.deepEqual(await read(row({ AllowedInFlows: 0 })), [{ flow: { ...summed, hasBegin: false } }]);
    assert.deepEqual(await read(row({ AllowedInFlows: undefined })), [{ flow: summed }]);
    assert.deepEqual(await read(row({ CompletedFlows: 0 })), [{ flow: { ...summed, state: "C" } }]);
  });

  it("are ignored if they are not inbound TCP flows, and reported if facts are missing", async () => {
    assert.deepEqual(
      await read(row({ FlowDirection: "Outbound" }), row({ L4Protocol: "U" }), row({ SubType: "Other" })),
      [{ passedOver: 1 }, { passedOver: 1 }, { passedOver: 1 }],
    );
    const local = "3/2/2026 10:01";
    const zone = { FlowStartTime: undefined, FlowIntervalStartTime: undefined, "TimeGenerated [Local Time]": local };
    assert.deepEqual(await read(row({ ...zone, TimeGenerated: undefined })), [
      {
        wrong: {
          file,
          line: 1,
          reason:
            "The row of NTANetAnalytics has no time in UTC, only the column 'timegenerated [local time]': let the portal show UTC, and export again.",
        },
      },
    ]);
    const rows = [row({ FlowStartTime: "" }), row({ FlowStartTime: local }), row({ FlowStartTime: "soon" })];
    assert.deepEqual(await read(...rows), [
      { flow: { ...summed, start: ten, intervalMs: 600_000 } },
      {
        wrong: {
          file,
          line: 2,
          reason: `No date of the file tells the month of its time, ${local}: export with ISO 8601 times.`,
        },
      },
      { wrong: { file, line: 3, reason: "Its time is not an ISO 8601 date: soon" } },
    ]);
    assert.deepEqual(await read(row({ DestIp: "" }), row({ FlowStatus: "maybe" }), { a: 1 }), [
      { wrong: { file, line: 1, reason: "The row of NTANetAnalytics lacks DestIp." } },
      {
        wrong: {
          file,
          line: 2,
          reason: 'The row of NTANetAnalytics has the FlowStatus "maybe"; it must begin with A or D.',
        },
      },
      { unreadable: { file, line: 3, reason: "This is not an entry of a known log." } },
    ]);
  });

  it("are read without an end that is none or before the start, which is reported", async () => {
    const rows = [row({ FlowIntervalEndTime: "soon" }), row({ FlowEndTime: "2026-03-01T00:00:00Z" })];
    assert.deepEqual(await read(...rows), [
      { flow: { ...summed, intervalMs: 3_600_000 } },
      {
        odd: {
          file,
          line: 1,
          reason: "Its FlowIntervalEndTime is not an ISO 8601 date: soon. The row is read without it.",
        },
      },
      { flow: { ...summed, end: summed.start } },
      {
        odd: {
          file,
          line: 2,
          reason: "Its FlowEndTime is before its start: 2026-03-01T00:00:00Z. The row is read without it.",
        },
      },
    ]);
  });

  it("have real numbers where a program saved them so", async () => {
    assert.deepEqual(await read(row({ DestPort: "22.0", AllowedInFlows: "1.0" })), [{ flow: summed }]);
  });

  for (const [facts, reason] of [
    [{ FlowDirection: undefined, L4Protocol: undefined }, "lacks FlowDirection and L4Protocol"],
    [{ FlowDirection: "Sideways" }, 'has the FlowDirection "Sideways"; it must begin with I or O'],
    [{ DestPort: null }, "lacks DestPort"],
    [{ DestPort: 70_000 }, 'has the DestPort "70000"; it must be a port number'],
    [{ DestIp: "web" }, 'has the DestIp "web"; it must be an IP address'],
    [{ SrcIp: "bastion" }, 'has the SrcIp "bastion"; it must be an IP address'],
    [{ AllowedInFlows: "1,024" }, 'has the AllowedInFlows "1,024"; it must be a number'],
    [{ CompletedFlows: "some" }, 'has the CompletedFlows "some"; it must be a number'],
  ] as const) {
    it(`are reported, not ignored: one ${reason}`, async () => {
      assert.deepEqual(await read(row(facts), row()), [
        { wrong: { file, line: 1, reason: `The row of NTANetAnalytics ${reason}.` } },
        { flow: summed },
      ]);
    });
  }
});
