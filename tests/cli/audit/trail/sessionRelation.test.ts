import assert from "node:assert/strict";
import { foldInto } from "../../../../cli/audit/sessions/fold.ts";
import { recordEvidence } from "../../../../cli/audit/store/readEvidence.ts";
import type { AuditRecord } from "../../../../cli/audit/fields.ts";
import type { RowOf } from "../../../../cli/audit/trail/relations.ts";
import { relations } from "../../../../cli/audit/trail/relations.ts";
import { sessionFacts } from "../../../../cli/audit/trail/sessionRelation.ts";
import { shortId } from "../../../../cli/audit/trail/shortId.ts";
import { readBack } from "../auditLines.ts";

const now = new Date("2026-05-04T10:30:00.000Z");

/** The rows of the relation for some records. */
async function rowsOf(...records: readonly Partial<AuditRecord>[]): Promise<RowOf<"sessions">[]> {
  const source = async function* () {
    await Promise.resolve();
    const raw = { file: "table", line: 1, value: {} };
    for (const record of records) yield { record: { ...readBack, ...record }, raw };
  };
  const { engine } = await foldInto(sessionFacts, { now }, (opened) => recordEvidence(opened, source()));
  try {
    const rows = await engine.rows('FROM folded ORDER BY "Start"');
    const columns = Object.keys(relations.sessions);
    return rows.map((values) =>
      Object.fromEntries(
        columns.map((column, index) => {
          const value = values[index];
          return [column, typeof value === "bigint" ? Number(value) : value];
        }),
      ),
    ) as unknown as RowOf<"sessions">[];
  } finally {
    engine.close();
  }
}

describe("the sessions that the trail is joined from", () => {
  it("have the facts of the session, and none that is null", async () => {
    assert.deepEqual(await rowsOf({}), [
      {
        Id: shortId("aaaaaaaa-0000-4000-8000-000000000001"),
        Tunnel: "aaaaaaaa-0000-4000-8000-000000000001",
        Start: Date.parse("2026-05-04T10:00:00.000Z"),
        StartTold: true,
        Finish: 0,
        Seen: now.getTime(),
        State: "open",
        Vm: readBack.targetResourceId,
        VmName: "WEB-1",
        VmIp: "10.0.1.4",
        Subscription: "s",
        Protocol: "ssh",
        ClientIp: "203.0.113.7",
        Person: "anna@contoso.com",
        Account: "azureuser",
        Outcome: "connected",
        Bastion: readBack.bastionId,
      },
    ]);
    const nothing = { targetResourceId: null, targetIp: null, protocol: null, clientIp: null, person: null };
    const [row] = await rowsOf({ ...nothing, account: null, bastionId: null });
    assert.deepEqual(
      Object.entries(row ?? {}).flatMap(([column, value]) => (value === "" ? [column] : [])),
      ["Vm", "VmName", "VmIp", "Subscription", "Protocol", "ClientIp", "Person", "Account", "Bastion"],
    );
  });

  it("have the short id of their tunnel, in whatever case it is written", async () => {
    const [row] = await rowsOf({ tunnelId: "ABCD-1" });
    assert.equal(row?.Id, shortId("abcd-1"));
  });

  it("have one of what tells them from others where the records name no tunnel", async () => {
    const [one, other] = await rowsOf(
      { tunnelId: null, account: "Root" },
      { tunnelId: null, time: "2026-05-04T10:20:00.000Z", clientIp: null, clientPort: null, account: null },
    );
    const { targetResourceId, person, message } = readBack;
    const own = [targetResourceId, "203.0.113.7", 50123, "root", person, message];
    assert.equal(one?.Id, shortId("2026-05-04T10:00:00.000Z", ...own));
    assert.equal(other?.Id, shortId("2026-05-04T10:20:00.000Z", targetResourceId, null, null, null, person, message));
  });

  it("have an id of their own where the record of an end, without a tunnel, tells the start", async () => {
    const start = { tunnelId: null, sessionStart: "2026-05-04T10:00:00.000Z" };
    const end = { ...start, time: "2026-05-04T10:20:00.000Z", sessionEnd: "2026-05-04T10:20:00.000Z" };
    const [one, other] = await rowsOf(start, end);
    assert.equal(one?.Start, other?.Start);
    assert.notEqual(one?.Id, other?.Id);
  });

  it("have a start that is told, unless there is only a record of their end", async () => {
    const disconnected = { message: "Successfully Disconnected.", time: "2026-05-04T10:20:00.000Z" };
    const told = async (...records: readonly Partial<AuditRecord>[]) =>
      (await rowsOf(...records)).map((row) => row.StartTold);
    assert.deepEqual(await told(disconnected), [false]);
    assert.deepEqual(await told(disconnected, { ...disconnected, time: "2026-05-04T10:20:01.000Z" }), [false]);
    assert.deepEqual(await told({}, disconnected), [true]);
    assert.deepEqual(await told({ ...disconnected, durationMs: 60_000 }), [true]);
    assert.deepEqual(await told({ ...disconnected, sessionStart: "2026-05-04T10:00:00.000Z" }), [true]);
    assert.deepEqual(await told({ message: null }), [true]);
  });

  it("were last seen at their end, or now where they are open", async () => {
    const [ended] = await rowsOf({ sessionEnd: "2026-05-04T10:07:00.000Z" });
    assert.deepEqual(
      [ended?.Finish, ended?.Seen],
      [1, 1].map(() => Date.parse("2026-05-04T10:07:00.000Z")),
    );
    const [failed] = await rowsOf({ message: "Login Failed" });
    assert.deepEqual([failed?.Finish, failed?.Seen, failed?.Outcome], [0, failed?.Start, "failed"]);
  });
});
