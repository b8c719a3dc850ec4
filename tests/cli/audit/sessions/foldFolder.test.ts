import assert from "node:assert/strict";
import type { SessionFilter } from "../../../../cli/audit/records/types.ts";
import { foldFolder } from "../../../../cli/audit/sessions/foldFolder.ts";
import { blobRecord, folded, lines, LogFolder, readAll } from "../auditLines.ts";
import { at, fold, only, end } from "./folding.ts";

describe("a session, folded from its records", () => {
  it("has the facts of its only record", async () => {
    assert.deepEqual(await only([blobRecord()]), folded);
  });

  it("is closed by the record of its end, whose duration counts", async () => {
    const closed = { ...folded, end: at("10:20:00"), durationSeconds: 1200.5, state: "closed", records: 2 };
    assert.deepEqual(await only([blobRecord(), end]), closed);
    assert.deepEqual(await only([end, blobRecord()]), closed);
  });

  it("begins at the start that its end record states, if that is the only record", async () => {
    const { start, records } = await only([end]);
    assert.deepEqual([start, records], [at("10:00:00"), 1]);
  });

  it("ends after its duration if no record states its end", async () => {
    const record = blobRecord({ sessionStartTime: at("10:00:00"), duration: 60_000 }, { time: at("10:01:02") });
    const { end: until, durationSeconds, state } = await only([record]);
    assert.deepEqual([until, durationSeconds, state], [at("10:01:00"), 60, "closed"]);
  });

  it("lasts from start to end if no record states its duration", async () => {
    assert.equal((await only([blobRecord({ sessionEndTime: at("10:00:30") })])).durationSeconds, 30);
  });

  it("is closed by a failed login, without an end", async () => {
    const failed = await only([blobRecord({ message: "Login Failed" })]);
    assert.deepEqual(failed, { ...folded, state: "closed", outcome: "failed", message: "Login Failed" });
  });

  it("is ended by Successfully Disconnected, which is not an outcome", async () => {
    const disconnected = blobRecord({ message: "Successfully Disconnected." }, { time: at("10:12:05") });
    const alone = await fold([lines(disconnected)]);
    const { start, end: last, durationSeconds, state, outcome } = alone.sessions[0]!;
    assert.deepEqual(
      [start, last, durationSeconds, state, outcome],
      [at("10:12:05"), at("10:12:05"), null, "closed", "unknown"],
    );
    const whole = await fold([lines(blobRecord(), disconnected)]);
    assert.deepEqual(whole.sessions, [
      { ...folded, end: at("10:12:05"), durationSeconds: 725, state: "closed", records: 2 },
    ]);
  });

  it("never ends before it starts, and hides no other session, whatever its records say", async () => {
    const { sessions, unreadable } = await fold([
      lines(
        blobRecord({ tunnelId: "a", duration: -1 }),
        blobRecord({ tunnelId: "b", duration: 4_611_686_018_427_388_000 }),
        blobRecord({ tunnelId: "c", sessionStartTime: at("11:00:00"), sessionEndTime: at("09:00:00") }),
        blobRecord({ tunnelId: "d", sessionStartTime: at("11:00:00") }),
        blobRecord({ tunnelId: "d", sessionEndTime: at("09:00:00") }),
        blobRecord({ tunnelId: "e" }, { time: "294247-01-10T04:00:54Z" }),
        blobRecord({ tunnelId: "f" }),
      ),
    ]);
    assert.deepEqual(
      sessions.map((one) => [one.tunnelId, one.start, one.end, one.durationSeconds]),
      [
        ["d", at("09:00:00"), at("09:00:00"), 0],
        ["a", at("10:00:00"), null, null],
        ["b", at("10:00:00"), null, null],
        ["f", at("10:00:00"), null, null],
        ["c", at("11:00:00"), null, null],
      ],
    );
    assert.deepEqual(
      unreadable.map(({ line }) => line),
      [1, 2, 3, 6],
    );
  });

  it("is connected if any of its records says so", async () => {
    const { outcome, message, records } = await only([
      blobRecord({ message: "Login Failed" }),
      blobRecord({ message: "Successfully Connected." }, { time: at("10:00:05") }),
    ]);
    assert.deepEqual([outcome, message, records], ["connected", "Successfully Connected.", 2]);
  });

  it("has an unknown outcome for a message that is not documented", async () => {
    const { outcome, message } = await only([blobRecord({ message: "Session reset" })]);
    assert.deepEqual([outcome, message], ["unknown", "Session reset"]);
  });

  it("has each fact from the earliest record that knows it", async () => {
    const { person, account, clientIp, records } = await only([
      blobRecord({ userEmail: "late@contoso.com", clientIpAddress: "203.0.113.9" }, { time: at("10:00:09") }),
      blobRecord({ userEmail: undefined, userName: "" }),
      blobRecord({ userEmail: "early@contoso.com" }, { time: at("10:00:05") }),
    ]);
    assert.deepEqual([person, account, clientIp, records], ["early@contoso.com", "azureuser", "203.0.113.7", 3]);
  });

  it("is one for a tunnel id in any case", async () => {
    const tunnelId = "ABCDEF00-0000-4000-8000-00000000000A";
    const session = await only([
      blobRecord({ tunnelId }),
      blobRecord({ tunnelId: tunnelId.toLowerCase() }, { time: at("10:00:01") }),
    ]);
    assert.deepEqual([session.tunnelId, session.records], [tunnelId, 2]);
  });

  it("is one for each record that names no tunnel", async () => {
    const loose = [1, 2, 2].map((second) => blobRecord({ tunnelId: undefined }, { time: at(`10:00:0${second}`) }));
    const { sessions, coverage } = await fold([lines(...loose)]);
    assert.deepEqual(
      sessions.map(({ tunnelId, start, records }) => [tunnelId, start, records]),
      [
        [null, at("10:00:01"), 1],
        [null, at("10:00:02"), 1],
      ],
    );
    assert.equal(coverage.duplicates, 1);
  });

  it("is one for each record with a tunnel of zeros, which is none", async () => {
    const none = { tunnelId: "00000000-0000-0000-0000-000000000000" };
    const records = [blobRecord(none), blobRecord({ ...none, userEmail: "ben@contoso.com" })];
    const { sessions } = await fold([lines(...records)]);
    assert.deepEqual(sessions.map(({ tunnelId, person }) => [tunnelId, person]).sort(), [
      [null, "anna@contoso.com"],
      [null, "ben@contoso.com"],
    ]);
  });

  it("is one for each tunnel that is a long number", async () => {
    const numbered = (digits: string): string =>
      JSON.stringify(blobRecord({ tunnelId: 1 })).replace(/"tunnelId":1/, `"tunnelId":${digits}`);
    const { sessions } = await fold([lines(numbered("12345678901234567890"), numbered("12345678901234567891"))]);
    assert.deepEqual(
      sessions.map(({ tunnelId }) => tunnelId),
      ["12345678901234567890", "12345678901234567891"],
    );
  });

  it("names an instance of a scale set as Azure does", async () => {
    const targetResourceId =
      "/subscriptions/S/resourceGroups/APP/providers/Microsoft.Compute/virtualMachineScaleSets/web/virtualMachines/3";
    assert.equal((await only([blobRecord({ targetResourceId })])).vmName, "web_3");
  });
});

describe("a session without an end", () => {
  const stateAt = async (time: string, filter: SessionFilter = {}): Promise<string | undefined> => {
    using folder = new LogFolder();
    const files = [folder.write("a.json", lines(blobRecord()))];
    const { sessions } = await readAll(await foldFolder({ files, filter, now: new Date(time) }));
    return sessions[0]?.state;
  };

  it("is open for a day after its last record, and of unknown state afterwards: logs can be lost", async () => {
    assert.equal(await stateAt("2026-05-05T10:00:00Z"), "open");
    assert.equal(await stateAt("2026-05-05T10:00:01Z"), "unknown");
  });

  it("is of unknown state in a range that ends before the present, which cuts the end off", async () => {
    assert.equal(await stateAt("2026-05-04T11:00:00Z", { to: new Date("2026-05-04T10:30:00Z") }), "unknown");
  });
});

describe("duplicates", () => {
  it("are counted once, whatever Azure added to them", async () => {
    const again = blobRecord({}, { FluentdIngestTimestamp: "2026-05-04T11:00:00.0000000Z" });
    const { sessions, coverage } = await fold([lines(blobRecord(), end), lines(end, again, again)]);
    assert.deepEqual([sessions[0]?.records, coverage.recordsRead, coverage.duplicates], [2, 5, 3]);
  });

  it("are found between a file that DuckDB reads and one that it cannot", async () => {
    const { sessions, coverage } = await fold([lines(blobRecord()), JSON.stringify([blobRecord(), end], null, 2)]);
    assert.deepEqual([sessions[0]?.records, coverage.recordsRead, coverage.duplicates], [2, 3, 1]);
  });

  it("are found between a blob and a row of a table, which spell ids in another case", async () => {
    const { properties, ...own } = blobRecord();
    const row = {
      ...own,
      resourceId: own.resourceId as string,
      operationName: "MICROSOFT.NETWORK/BASTIONHOST/CONNECT",
      properties: {
        ...properties,
        targetResourceId: String(properties.targetResourceId).toLowerCase(),
        tunnelId: String(properties.tunnelId).toUpperCase(),
      },
    };
    const { sessions, coverage } = await fold([lines(blobRecord()), lines(row)]);
    assert.deepEqual([sessions.length, sessions[0]?.records, coverage.duplicates], [1, 1, 1]);
  });

  it("do not differ in any fact", async () => {
    const { sessions, coverage } = await fold([lines(blobRecord(), blobRecord({ clientPort: 50124 }))]);
    assert.deepEqual([sessions[0]?.records, coverage.duplicates], [2, 0]);
  });
});
