import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { auditRecordsQuery } from "../../../../cli/audit/kql/auditRecords.ts";
import { dedicatedTable, diagnosticsTable, type AuditTable } from "../../../../cli/audit/kql/auditTables.ts";
import { fieldOf, sessionFields } from "../../../../cli/audit/fields.ts";
import type { Session } from "../../../../cli/audit/records/types.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { forSuite } from "../../../held.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import { customerId, needsChdb, startQueryPlane } from "../../../sandbox/query/queryPlane.ts";
import { fakeIo } from "../../fakeIo.ts";
import { LogFolder } from "../auditLines.ts";

/* The rule for what a session is stands in SQL for files, and in KQL for a workspace: here both get the same rows. */

const minute = 60_000;
const day = 24 * 60 * minute;
const now = new Date();
/** Hours ago that are not near the day after which a session without an end counts as unknown. */
const at = (milliseconds: number): string => new Date(now.getTime() - milliseconds).toISOString();
const ago = fc
  .oneof(fc.integer({ min: minute, max: day - 30 * minute }), fc.integer({ min: day + 30 * minute, max: 5 * day }))
  .map(at);

const host = "/subscriptions/s/resourcegroups/hub/providers/microsoft.network/bastionhosts/bas";

/** A row of the dedicated table. */
function row(time: string, facts: JsonObject): JsonObject {
  return {
    TimeGenerated: time,
    Time: time,
    OperationName: "connect",
    _ResourceId: host,
    Location: "westeurope",
    ...facts,
  };
}

const messages = fc.constantFrom(
  "Successfully Connected.",
  "successfully connected",
  "Login Failed",
  " LOGIN FAILED. ",
  "Successfully Disconnected",
  "Successfully Disconnected..",
  "Login Failed again",
  "Something else",
  "",
);

/** Facts of a session, of which any of its records may lack some. */
const factsOfSession = fc.record({
  UserEmail: fc.constantFrom("ada@example.com", 'eve"\\|@example.com', "Zoë@example.com"),
  UserName: fc.constantFrom("azureuser", "CORP\\ada", "o'neill"),
  ClientIpAddress: fc.constantFrom("203.0.113.7", "2001:db8::7"),
  ClientPort: fc.integer({ min: 1024, max: 65_535 }),
  Protocol: fc.constantFrom("ssh", "RDP"),
  TargetResourceId: fc.constantFrom("/SUBSCRIPTIONS/S/VIRTUALMACHINES/WEB", "/SUBSCRIPTIONS/S/VIRTUALMACHINES/DB"),
  TargetVMIPAddress: fc.constant("10.0.1.4"),
  UserAgent: fc.constant("Mozilla/5.0"),
});

const end = fc.oneof(
  fc.constant({}),
  fc.record({ Duration: fc.integer({ min: 0, max: 100 * minute }) }),
  fc
    .tuple(ago, ago)
    .map((times) => times.sort())
    .map(([SessionStartTime, SessionEndTime]) => ({ SessionStartTime, SessionEndTime })),
  ago.map((SessionStartTime) => ({ SessionStartTime })),
);

/** The rows of one tunnel, or of none: each record once or twice. */
const tunnel: fc.Arbitrary<JsonObject[]> = fc
  .tuple(
    fc.option(fc.uuid(), { freq: 6 }),
    factsOfSession,
    fc.array(
      fc.record({ time: ago, Message: messages, end, lacks: fc.nat(255), upper: fc.boolean(), twice: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  )
  .map(([id, facts, records]) =>
    records.flatMap(({ time, Message, end: ended, lacks, upper, twice }) => {
      // A record without a tunnel, an address and a VM is not one of Bastion.
      const isKept = (name: string): boolean => id === null && name === "ClientIpAddress";
      const given = Object.entries(facts).filter(([name], index) => isKept(name) || (lacks & (1 << index)) === 0);
      const TunnelId = id === null ? "" : upper ? id.toUpperCase() : id;
      const one = row(time, { TunnelId, Message, ...Object.fromEntries(given), ...ended });
      return twice ? [one, one] : [one];
    }),
  );

/** What is easily got wrong. */
const picked: readonly JsonObject[] = [
  // Only the end is known, with a duration and without.
  row(at(5 * minute), { TunnelId: "only-end", Message: "Successfully Disconnected", Duration: 60_000 }),
  row(at(5 * minute), { TunnelId: "only-end-2", Message: "Successfully Disconnected" }),
  // The message of the end is not shown where another tells the outcome; the earliest of several is.
  row(at(9 * minute), { TunnelId: "told", Message: "Successfully Disconnected." }),
  row(at(8 * minute), { TunnelId: "told", Message: "Successfully Connected." }),
  row(at(7 * minute), { TunnelId: "TOLD", Message: "SUCCESSFULLY CONNECTED" }),
  row(at(6 * minute), { TunnelId: "failed", Message: "Login Failed" }),
  row(at(5 * minute), { TunnelId: "failed", Message: "Something else" }),
  // The end comes before what is called the start.
  row(at(4 * minute), { TunnelId: "early", Message: "Successfully Disconnected", SessionStartTime: at(3 * minute) }),
  // Recent, and too old to be open.
  row(at(23 * 60 * minute), { TunnelId: "recent", Message: "Successfully Connected." }),
  row(at(25 * 60 * minute), { TunnelId: "old", Message: "Successfully Connected." }),
  // Without a tunnel: twice the same, and two that differ.
  ...[1, 1, 2].map((ClientPort) =>
    row(at(2 * minute), { ClientIpAddress: "203.0.113.7", ClientPort, Message: "Login Failed" }),
  ),
  row(at(2 * minute), { ClientIpAddress: "203.0.113.7", ClientPort: 2, Message: "Successfully Connected." }),
  // A tunnel that is not set.
  ...["203.0.113.8", "203.0.113.9"].flatMap((ClientIpAddress) =>
    ["00000000-0000-0000-0000-000000000000", "0"].map((TunnelId) =>
      row(at(minute), { ClientIpAddress, TunnelId, Message: "Login Failed" }),
    ),
  ),
];

type Facts = Readonly<Record<string, unknown>>;

/** As a row of AzureDiagnostics. */
function diagnosticsRow(of: JsonObject): JsonObject {
  const columns = sessionFields
    .concat("sessionStart", "sessionEnd", "durationMs")
    .map((name) => [fieldOf(name).diagnostics.at(-1)!, of[fieldOf(name).column!]] as const)
    .concat([["message_s", of.Message]])
    .filter(([column, value]) => column !== "Message" && value !== undefined);
  const { TimeGenerated, OperationName } = of;
  return { TimeGenerated, OperationName, Category: "BastionAuditLogs", ...Object.fromEntries(columns) } as JsonObject;
}

const text = (value: unknown): unknown => (value === "" ? null : value);
const instant = (value: unknown): unknown => (typeof value === "string" ? new Date(value).toISOString() : value);

/** What both engines say of a session: all but what only JSON shows. @param valueOf its members by their names in JSON. */
function compared(valueOf: (name: string) => unknown): Facts {
  const facts = sessionFields.map((name) => {
    const { session = "" } = fieldOf(name);
    const value = text(valueOf(session));
    return [session, name === "tunnelId" && typeof value === "string" ? value.toLowerCase() : value] as const;
  });
  const times = ["start", "end"].map((name) => [name, instant(valueOf(name))] as const);
  return { ...Object.fromEntries([...facts, ...times]), state: valueOf("state"), outcome: valueOf("outcome") };
}

/** Sessions that only one of two results has; the same session twice counts as two. */
function different(one: readonly Facts[], other: readonly Facts[]): { one: string[]; other: string[] } {
  const rest = other.map((session) => JSON.stringify(session));
  const only = one.flatMap((session) => {
    const at = rest.indexOf(JSON.stringify(session));
    return at === -1 ? [JSON.stringify(session)] : (rest.splice(at, 1), []);
  });
  return { one: only, other: rest };
}

describe("the rule for what a session is", function () {
  this.timeout(120_000);
  before(needsChdb);
  const plane = forSuite(startQueryPlane);

  async function bySql(rows: readonly JsonObject[]): Promise<Facts[]> {
    using folder = new LogFolder();
    folder.write("rows.json", rows.map((one) => `${JSON.stringify(one)}\n`).join(""));
    const io = fakeIo({ cwd: folder.path, now: now.toISOString() });
    await runProgram(["logs", "--source", ".", "--json"], io, { commands, groups, version: "1" });
    const { sessions, unreadable } = JSON.parse(io.written.stdout) as { sessions: Session[]; unreadable: unknown };
    assert.deepEqual(unreadable, []);
    return sessions.map((session) => compared((name) => session[name as keyof Session]));
  }

  async function byKql(table: AuditTable, rows: readonly JsonObject[]): Promise<Facts[]> {
    const folder = join(plane.plane.directory, "workspaces", customerId);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${table.name}.ndjson`), rows.map((one) => `${JSON.stringify(one)}\n`).join(""));
    const range = { start: new Date(0), end: new Date(now.getTime() + day) };
    // What the CLI sends, up to the sessions.
    const [beginning = ""] = auditRecordsQuery({
      table,
      range,
      filter: { from: range.start },
      page: { start: range.start, rows: 1 },
    }).split("\nlet Wanted1");
    const answer = await plane.plane.raw(
      "POST",
      `/loganalytics/v1/workspaces/${customerId}/query`,
      // A tunnel of zeros is none, so it is not the session's key.
      JSON.stringify({
        query: `${beginning}\nSessions | extend TunnelId = iff(tolower(TunnelId) == Session, TunnelId, "")`,
      }),
      { authorization: `Bearer ${await plane.token(plane.endpoint)}` },
    );
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const [found] = answer.body.tables as unknown as { columns: { name: string }[]; rows: unknown[][] }[];
    const names = found!.columns.map(({ name }) => name.charAt(0).toLowerCase() + name.slice(1));
    return found!.rows.map((one) => compared((name) => one[names.indexOf(name)]));
  }

  for (const [table, as] of [
    [dedicatedTable, (one: JsonObject) => one],
    [diagnosticsTable, diagnosticsRow],
  ] as const) {
    it(`gives the same sessions of rows of ${table.name} in SQL and in KQL`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(tunnel, { minLength: 20, maxLength: 60 }), async (tunnels) => {
          const rows = [...picked, ...tunnels.flat()].map(as);
          const inSql = await bySql(rows);
          assert.ok(inSql.length > tunnels.length);
          assert.deepEqual(different(inSql, await byKql(table, rows)), { one: [], other: [] });
        }),
        { ...propertyRuns(4), endOnFailure: true },
      );
    });
  }
});
