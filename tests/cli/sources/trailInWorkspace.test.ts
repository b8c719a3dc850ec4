import assert from "node:assert/strict";
import type { TrailDocument } from "../../../cli/audit/trail/types.ts";
import { commands, groups } from "../../../cli/commands/index.ts";
import { runProgram } from "../../../cli/program.ts";
import { printedQuery } from "../../../cli/sources/trailInWorkspace.ts";
import { diagnosticsOf } from "../../../sandbox/query/kustoParser.ts";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { findDuckdbKql } from "../../../sandbox/query/python.ts";
import { workspaceTables } from "../../../sandbox/query/workspaceTables.ts";
import { forSuite } from "../../held.ts";
import { needsChdb, startQueryPlane } from "../../sandbox/query/queryPlane.ts";
import { skip } from "../../skip.ts";
import { wireRule } from "../audit/activity/events.ts";
import { LogFolder } from "../audit/auditLines.ts";
import { adasRecord } from "../audit/sources/workspace/adasRecord.ts";
import { at, db, hub, quiet, web, webGroup } from "../audit/trail/relationRows.ts";
import { fakeIo } from "../fakeIo.ts";

describe("the printed query of the trail", () => {
  const { sessions, flows, ...rows } = quiet;
  const now = new Date(at(90));
  const [from, to] = [new Date(at(0)), new Date(at(60))];

  /** The lines after the join. */
  function restOf(query: string): string {
    assert.deepEqual([sessions, flows], [[], []]);
    assert.deepEqual(diagnosticsOf(query, workspaceTables), []);
    assert.ok(!query.includes("\n\n"));
    return query.split("| order by Start asc, Id asc\n").at(-1) ?? "";
  }

  it("returns the sessions of the range only", () => {
    const query = printedQuery({ range: { from, to }, bastion: hub }, rows, 120_000, now);
    assert.equal(
      restOf(query),
      `| where Start < ${to.getTime()}\n| where iff(Finish > 0, Finish, Seen) >= ${from.getTime()}\n`,
    );
    assert.equal(restOf(printedQuery({ range: { from: undefined, to: undefined }, bastion: hub }, rows, 0, now)), "");
  });

  it("returns for a moment also the sessions whose end no log has, for a day", () => {
    const range = { from, to: new Date(from.getTime() + 1) };
    const query = printedQuery({ range, at: from, bastion: hub }, rows, 120_000, now);
    // A week around the moment, and what sessions of that time rest on.
    assert.match(query, /TimeGenerated >= datetime\(2026-04-25T11:00:00/);
    assert.equal(
      restOf(query),
      `| where Start < ${from.getTime() + 1}\n| where iff(Finish > 0, Finish, iff(State == "closed", Seen, Seen + 86400000)) >= ${from.getTime()}\n`,
    );
  });
});

describe("the trail of a workspace", function () {
  this.timeout(120_000);
  before(needsChdb);
  before(async function () {
    if ((await findDuckdbKql()) === undefined) skip(this, "needs duckdb-kql, see `npm run sandbox:chdb`");
  });
  const plane = forSuite(startQueryPlane);

  const time = (minutes: number): string => new Date(at(minutes)).toISOString();
  const record = (minutes: number, facts: JsonObject): JsonObject =>
    adasRecord(minutes, {
      OperationName: "Microsoft.Network/BastionHost/connect",
      Message: "Successfully Connected.",
      Type: "MicrosoftAzureBastionAuditLogs",
      ...facts,
    });
  const flow = (minutes: number, facts: JsonObject): JsonObject => ({
    TimeGenerated: time(minutes + 60),
    SubType: "FlowLog",
    FlowStartTime: time(minutes),
    FlowEndTime: time(minutes + 1),
    FlowIntervalStartTime: time(minutes),
    FlowIntervalEndTime: time(minutes + 10),
    SrcIp: "10.60.0.5",
    DestIp: "10.60.1.4",
    DestPort: 22,
    L4Protocol: "T",
    FlowDirection: "Inbound",
    FlowStatus: "Allowed",
    AllowedInFlows: 1,
    Type: "NTANetAnalytics",
    ...facts,
  });
  const event = (minutes: number, OperationNameValue: string, more: JsonObject = {}): JsonObject => ({
    TimeGenerated: time(minutes),
    OperationNameValue,
    ActivityStatusValue: "Success",
    CategoryValue: "Administrative",
    SubscriptionId: web.split("/")[2] ?? "",
    _ResourceId: web.toLowerCase(),
    Type: "AzureActivity",
    ...more,
  });
  const start = "MICROSOFT.COMPUTE/VIRTUALMACHINES/START/ACTION";

  // Somebody opened another VM long ago, and used that two days before the range.
  const opened = event(-3000, "MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/SECURITYRULES/WRITE", {
    _ResourceId: `${webGroup}/securityrules/opendb`,
    Properties: JSON.stringify({
      requestbody: JSON.stringify(wireRule("OpenDb", { destinationAddressPrefix: "10.60.1.5" })),
    }),
  });
  const usedBefore = {
    TargetResourceId: db,
    TargetVMIPAddress: "10.60.1.5",
    TunnelId: "2f1a7a4e-90b8-4c0f-a1f3-000000000000",
  };

  const tables: Readonly<Record<string, readonly JsonObject[]>> = {
    MicrosoftAzureBastionAuditLogs: [
      record(-2400, usedBefore),
      record(0, { TunnelId: "2f1a7a4e-90b8-4c0f-a1f3-000000000001" }),
      record(60.00205, { TunnelId: "", Message: "Login Failed" }),
      record(60.00205, { TunnelId: "2f1a7a4e-90b8-4c0f-a1f3-000000000002", ClientPort: 50124 }),
      record(120, { TunnelId: "2f1a7a4e-90b8-4c0f-a1f3-000000000003" }),
    ],
    AzureDiagnostics: [
      {
        TimeGenerated: time(180),
        Category: "BastionAuditLogs",
        OperationName: "Microsoft.Network/BastionHost/connect",
        _ResourceId: hub.toLowerCase(),
        targetResourceId_s: web,
        targetVMIPAddress_s: "10.60.1.4",
        protocol_s: "ssh",
        userName_s: "azureuser",
        clientIpAddress_s: "203.0.113.7",
        clientPort_d: 50125,
        message_s: "Login Failed",
        Type: "AzureDiagnostics",
      },
    ],
    // Nobody requested access, and the log is there: it has other events on both days.
    AzureActivity: [opened, event(-1500, start), event(300, start)],
    NTANetAnalytics: [
      flow(-2400, { AclRule: "UserRule_OpenDb", DestIp: "10.60.1.5" }),
      flow(0, { AclRule: "unspecified" }),
      flow(120, { AclRule: "USERRULE_OpenSsh" }),
      flow(-5, { AclRule: "out", FlowDirection: "Outbound" }),
    ],
  };

  const inMay = ["--from", time(-60), "--to", time(240)];
  const shown = (source: string, cwd: string, ...more: string[]): Promise<unknown> =>
    plane.signedIn(async (env) => {
      const io = fakeIo({ cwd, now: new Date().toISOString(), env });
      const words = ["trail", ...more, "--source", source, "--json"];
      assert.equal(await runProgram(words, io, { commands, groups, version: "1" }), 0, io.written.stderr);
      return JSON.parse(io.written.stdout) as unknown;
    });

  const folder = forSuite(() => {
    const logs = new LogFolder();
    return {
      path: logs.path,
      write: logs.write.bind(logs),
      remove: () => {
        logs[Symbol.dispose]();
      },
    };
  });
  before(() => {
    for (const [table, rows] of Object.entries(tables)) {
      plane.write(table, rows);
      folder.write(`${table}.json`, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    }
  });

  it("is the same as that of a folder with its rows", async () => {
    const found = (await shown("workspace", folder.path, ...inMay)) as TrailDocument;
    assert.deepEqual(found, await shown(".", folder.path, ...inMay));
    assert.deepEqual(
      found.trail.map(({ tunnelId, verdict, link, rule }) => [tunnelId?.at(-1), verdict, link, rule?.name]),
      [
        ["1", "ungranted", "none", undefined],
        [undefined, "ungranted", "none", undefined],
        ["2", "ungranted", "none", undefined],
        ["3", "bypassed", "flow", "OpenSsh"],
        [undefined, "ungranted", "none", undefined],
      ],
    );
    assert.deepEqual(
      found.rules.map(({ name, sessions }) => [name, sessions]),
      [["OpenDb", 0]],
    );
    const { audit, activity, flows } = found.coverage.logs;
    assert.deepEqual(
      [audit, activity, flows].map(({ from, until, recordsRead, lastRecord }) => [
        from,
        until,
        recordsRead,
        lastRecord,
      ]),
      [
        [time(-60 - 25 * 60), time(180), 6, time(180)],
        [time(-3000), time(360), 3, time(300)],
        [time(-2400), time(180), 3, time(120)],
      ],
    );
  });

  it("shows the same records behind a session", async () => {
    const { trail } = (await shown(".", folder.path, ...inMay)) as TrailDocument;
    interface Shown {
      readonly records: readonly { readonly log: string; readonly record: Readonly<Record<string, unknown>> }[];
    }
    const session = trail.find(({ tunnelId }) => tunnelId === null)?.id ?? "";
    const recordsIn = async (source: string) => {
      const { records } = (await shown(source, folder.path, "show", session, ...inMay)) as Shown;
      // The rows of an export do not have the category.
      return records.map(({ log, record }) => [log, { ...record, category: null }]);
    };
    const found = await recordsIn("workspace");
    assert.deepEqual(found, await recordsIn("."));
    assert.equal(found.length, 1);
  });

  it("has an open session only if the range does not end before now", async () => {
    const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
    const row = record(0, { TimeGenerated: ago(2), Time: ago(2), TunnelId: "2f1a7a4e-90b8-4c0f-a1f3-000000000009" });
    plane.write("MicrosoftAzureBastionAuditLogs", [row]);
    folder.write("open.json", JSON.stringify(row));
    const statesIn = async (source: string, ...range: string[]) =>
      ((await shown(source, folder.path, ...range)) as TrailDocument).trail.map(({ state }) => state);
    for (const source of ["workspace", "."]) {
      assert.deepEqual(await statesIn(source, "--from", ago(3), "--to", ago(1)), ["unknown"], source);
      assert.deepEqual(await statesIn(source, "--from", ago(3)), ["open"], source);
    }
  });
});
