import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LogResult, Session, SessionFilter } from "../../../../cli/audit/records/types.ts";
import { foldFolder } from "../../../../cli/audit/sessions/foldFolder.ts";
import { foldRecords } from "../../../../cli/audit/sessions/foldRecords.ts";
import { blobRecord, folded, lines, LogFolder, readAll, readBack, type Read } from "../auditLines.ts";

const now = new Date("2026-05-04T10:30:00Z");
const at = (time: string): string => `2026-05-04T${time}.000Z`;

async function fold(contents: string[], filter: SessionFilter = {}): Promise<Read> {
  using folder = new LogFolder();
  const files = contents.map((content, index) => folder.write(`${index}.json`, content));
  return await readAll(await foldFolder({ files, filter, now }));
}

async function only(records: unknown[], filter?: SessionFilter): Promise<Session> {
  const { sessions } = await fold([lines(...records)], filter);
  assert.equal(sessions.length, 1);
  return sessions[0]!;
}

const end = blobRecord(
  { sessionStartTime: at("10:00:00"), sessionEndTime: at("10:20:00"), duration: 1_200_500 },
  { time: at("10:20:01") },
);

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

describe("member names that DuckDB does not find", () => {
  const spelt: [name: string, facts: Record<string, unknown>, fact: keyof Session, expected: unknown][] = [
    ["userEmail", { userEmail: undefined, UserEmail: "ben@contoso.com" }, "person", "ben@contoso.com"],
    ["sessionEndTime", { SessionEndTime: at("10:20:00") }, "end", at("10:20:00")],
    ["duration", { DURATION: 5000 }, "durationSeconds", 5],
    ["tunnelId", { tunnelId: undefined, tunnelid: "t" }, "tunnelId", "t"],
  ];
  for (const [name, facts, fact, expected] of spelt) {
    it(`reads ${name} in any case, in a record that is otherwise as documented`, async () => {
      assert.equal((await only([blobRecord(facts)]))[fact], expected);
    });
  }
});

describe("a byte order mark", () => {
  it("hides no other spelling in the line that it stands before, in a single file", async () => {
    const first = JSON.stringify(blobRecord({ tunnelId: "t1" })).replace('"userEmail"', '"USEREMAIL"');
    const second = blobRecord({ tunnelId: "t2", userEmail: "", sessionEndTime: at("10:20:00") });
    const { sessions } = await fold([`\uFEFF${lines(first, second)}`]);
    assert.deepEqual(
      sessions.map(({ tunnelId, person }) => [tunnelId, person]),
      [
        ["t1", "anna@contoso.com"],
        ["t2", null],
      ],
    );
  });
});

describe("filters", () => {
  const records = [
    blobRecord({ tunnelId: "t1", userEmail: "Anna@Contoso.com", userName: "root" }),
    blobRecord(
      { tunnelId: "t2", userEmail: "ben@contoso.com", protocol: "rdp", clientIpAddress: "2001:db8::7", message: "Login Failed",
        targetResourceId: "/subscriptions/S/resourceGroups/APP/providers/Microsoft.Compute/virtualMachines/db-1" },
      { time: at("10:10:00") },
    ),
    blobRecord(
      { tunnelId: "t3", userEmail: "cleo@contoso.com", clientIpAddress: "198.51.100.4", sessionEndTime: at("10:25:00") },
      { time: at("10:20:00"), resourceId: "/subscriptions/OTHER/resourceGroups/HUB/providers/Microsoft.Network/bastionHosts/BAS2" },
    ),
  ]; // prettier-ignore
  const kept: [filter: SessionFilter, tunnels: string][] = [
    [{}, "t1 t2 t3"],
    [{ user: "anna@contoso.COM" }, "t1"],
    [{ user: "ROOT" }, "t1"],
    [{ user: "anna" }, ""],
    [{ user: "'; DROP TABLE parts; --" }, ""],
    [{ user: "ben_contoso.com#EXT#@fabrikam.onmicrosoft.com" }, "t2"],
    [{ vm: "DB-1" }, "t2"],
    [{ vm: "/SUBSCRIPTIONS/s/RESOURCEGROUPS/app/PROVIDERS/Microsoft.Compute/virtualMachines/DB-1" }, "t2"],
    [{ vm: "B-1" }, ""],
    [{ ip: "203.0.113.7" }, "t1"],
    [{ ip: "198.51.100.0/24" }, "t3"],
    [{ ip: "2001:0db8:0::/64" }, "t2"],
    [{ ip: "2001:db8:0:0::7" }, "t2"],
    [{ protocol: "RDP" }, "t2"],
    [{ outcome: "failed" }, "t2"],
    [{ outcome: "connected" }, "t1 t3"],
    [{ tunnel: "T3" }, "t3"],
    [{ tunnel: "T" }, "t1 t2 t3"],
    [{ tunnel: "3" }, ""],
    [{ tunnel: 't3"' }, ""],
    [{ to: new Date(at("10:10:00")) }, "t1"],
    [{ from: new Date(at("10:25:00")) }, "t1 t3"],
    [{ from: new Date(at("10:25:01")) }, "t1"],
    [{ from: new Date(at("10:05:00")), to: new Date(at("10:15:00")) }, "t2"],
    [{ user: "ben@contoso.com", protocol: "ssh" }, ""],
    [{ bastion: "/subscriptions/s/resourcegroups/hub/providers/microsoft.network/bastionhosts/bas" }, "t1 t2"],
    [{ bastion: "/SUBSCRIPTIONS/other" }, "t3"],
    [{ bastion: "/subscriptions/oth" }, ""],
    [{ bastion: "/subscriptions/other/resourceGroups/HUB/providers/Microsoft.Network/bastionHosts/BAS" }, ""],
  ];
  for (const [filter, tunnels] of kept) {
    it(`keep ${tunnels || "nothing"} for ${JSON.stringify(filter)}`, async () => {
      const { sessions, coverage } = await fold([lines(...records)], filter);
      assert.equal(sessions.map(({ tunnelId }) => tunnelId).join(" "), tunnels);
      assert.equal(coverage.recordsRead, 3);
    });
  }

  it("know a guest by the account in the home tenant, and by that in any other", async () => {
    const guest = [lines(blobRecord({ userEmail: "Ada_Smith_contoso.com#EXT#@fabrikam.onmicrosoft.com" }))];
    const count = async (user: string): Promise<number> => (await fold(guest, { user })).sessions.length;
    assert.equal(await count("ada_smith@contoso.com"), 1);
    assert.equal(await count("ada_smith_contoso.com#ext#@tailspin.onmicrosoft.com"), 1);
    assert.equal(await count("live.com#ada_smith@contoso.com"), 1);
    assert.equal(await count("smith@contoso.com"), 0);
    assert.equal(await count("ada_smith@contoso.co"), 0);
  });

  it("know a name as the log has it, whatever letters JavaScript and DuckDB make small in different ways", async () => {
    for (const user of ["\u0130lker@contoso.com", "\u039f\u0394\u039f\u03a3@contoso.com"]) {
      const { sessions } = await fold([lines(blobRecord({ userEmail: user }))], { user });
      assert.deepEqual(
        sessions.map(({ person }) => person),
        [user],
      );
    }
  });

  it("know a person whom a token calls by who signs in", async () => {
    const found = await fold([lines(blobRecord({ userEmail: "live.com#Ada@outlook.com" }))], {
      user: "ada@outlook.com",
    });
    assert.deepEqual(
      found.sessions.map(({ person }) => person),
      ["live.com#Ada@outlook.com"],
    );
  });

  it("compare with the whole session, not with single records", async () => {
    const both = [blobRecord({ protocol: "ssh" }), blobRecord({ protocol: "rdp" }, { time: at("10:00:01") })];
    assert.equal((await fold([lines(...both)], { protocol: "ssh" })).sessions.length, 1);
    assert.equal((await fold([lines(...both)], { protocol: "rdp" })).sessions.length, 0);
  });

  it("refuse an invalid address before anything is read", async () => {
    await assert.rejects(foldFolder({ files: ["none.json"], filter: { ip: "10.0.0.x" }, now }), {
      name: "RangeError",
      message: "'10.0.0.x' is neither an IP address nor a range such as 203.0.113.0/24.",
    });
  });
});

describe("the coverage of a result", () => {
  it("has the range, the newest record, hours, records and duplicates", async () => {
    using folder = new LogFolder();
    const hour = (h: string): string => `y=2026/m=05/d=04/h=${h}/m=00/PT1H.json`;
    const files = [
      folder.write(hour("10"), lines(blobRecord(), end)),
      folder.write(`OTHER/${hour("10")}`, lines(blobRecord())),
      folder.write(hour("09"), ""),
    ];
    const filter = { from: new Date(at("09:00:00")), to: new Date(at("11:00:00")) };
    assert.deepEqual((await readAll(await foldFolder({ files, filter, now }))).coverage, {
      from: at("09:00:00"),
      to: at("11:00:00"),
      lastRecord: at("10:20:01"),
      hoursRead: 2,
      recordsRead: 3,
      duplicates: 1,
      receivedUntil: null,
      otherLogs: {},
    });
  });

  it("is empty without files", async () => {
    assert.deepEqual(await fold([]), {
      sessions: [],
      unreadable: [],
      unread: { lost: 0, aside: 0 },
      coverage: {
        from: null,
        to: null,
        lastRecord: null,
        hoursRead: 0,
        recordsRead: 0,
        duplicates: 0,
        receivedUntil: null,
        otherLogs: {},
      },
    });
  });

  it("is the same for records that come one by one, without hours", async () => {
    const records = async function* () {
      await Promise.resolve();
      const raw = { file: "table", line: 1, value: {} };
      yield* [readBack, { ...readBack, sessionEnd: at("10:20:00") }, readBack].map((record) => ({ record, raw }));
    };
    const { sessions, coverage } = await readAll(await foldRecords(records(), { now }));
    assert.deepEqual(sessions, [
      { ...folded, end: at("10:20:00"), durationSeconds: 1200, state: "closed", records: 2 },
    ]);
    assert.deepEqual([coverage.hoursRead, coverage.recordsRead, coverage.duplicates], [null, 3, 1]);
  });
});

describe("files", () => {
  it("are named where they cannot be read, in order", async () => {
    using folder = new LogFolder();
    const b = folder.write("b.json", `${lines(blobRecord())}oops\n\n{"x"\n`);
    const a = folder.write("a [1]*'?.json", lines("oops", blobRecord()));
    const { unreadable, sessions } = await readAll(await foldFolder({ files: [b, a], now }));
    assert.equal(sessions.length, 1);
    assert.deepEqual(unreadable, [
      { file: a, line: 1, reason: "This is not JSON." },
      { file: b, line: 2, reason: "This is not JSON." },
      { file: b, line: 4, reason: "The record is cut off or damaged." },
    ]);
  });

  it("with a line that is nested too deeply, or with endless brackets, hide nothing else", async () => {
    const deep = (text: string): string =>
      JSON.stringify(blobRecord({ tunnelId: "deep" })).replace('"Mozilla/5.0"', text);
    const { sessions, unreadable } = await fold([
      lines(
        blobRecord({ tunnelId: "a" }),
        deep(`${"[".repeat(100_000)}${"]".repeat(100_000)}`),
        deep(`${'{"":'.repeat(50_000)}1${"}".repeat(50_000)}`),
        blobRecord({ tunnelId: "b" }),
      ),
      `${lines(blobRecord({ tunnelId: "c" }))}${"[\n".repeat(20_000)}`,
    ]);
    assert.deepEqual(
      sessions.map(({ tunnelId }) => tunnelId),
      ["a", "b", "c"],
    );
    assert.deepEqual(
      unreadable.map(({ line, reason }) => [line, reason]),
      [
        [2, "Its values are nested too deeply."],
        [3, "Its values are nested too deeply."],
        [2, "This array is never closed: what follows in the file may be missing."],
      ],
    );
  });

  it("whose last line is cut are told from those that Azure may still append to", async () => {
    using folder = new LogFolder();
    const cut = `${lines(blobRecord())}${JSON.stringify(end).slice(0, 200)}`;
    const files = ["10", "09", "08"].map((h) => folder.write(`y=2026/m=05/d=04/h=${h}/m=00/PT1H.json`, cut));
    const { unreadable } = await readAll(await foldFolder({ files, now }));
    const unfinished = "The last record is cut off: it may still be written.";
    assert.deepEqual(
      unreadable,
      ["The record is cut off or damaged.", unfinished, unfinished].map((reason, index) => ({
        file: files[2 - index],
        line: 2,
        reason,
      })),
    );
  });

  describe("leave nothing behind", () => {
    let temporary: LogFolder;
    const usual = process.env.TMPDIR;
    beforeEach(() => {
      temporary = new LogFolder();
      process.env.TMPDIR = temporary.path;
    });
    afterEach(() => {
      if (usual === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = usual;
      temporary[Symbol.dispose]();
    });
    const spills = (): string[] => readdirSync(temporary.path).filter((name) => name.startsWith("bastion-trail-"));

    async function begin(): Promise<LogResult> {
      const files = [temporary.write("a.json", lines(blobRecord(), blobRecord({ tunnelId: "b" })))];
      const result = await foldFolder({ files, now });
      const [spill = "", ...others] = spills();
      assert.equal(statSync(join(temporary.path, spill)).mode & 0o777, 0o700);
      assert.deepEqual(others, []);
      return result;
    }

    it("when they are read to the end", async () => {
      const { sessions } = await begin();
      assert.equal((await Array.fromAsync(sessions)).length, 2);
      assert.deepEqual(spills(), []);
    });

    it("when they are not", async () => {
      const { sessions } = await begin();
      for await (const session of sessions) {
        assert.ok(session);
        break;
      }
      assert.deepEqual(spills(), []);
    });

    it("when one cannot be opened", async () => {
      const none = join(temporary.path, "none.json");
      const { sessions, unreadable } = await foldFolder({ files: [none], now });
      assert.deepEqual(await Array.fromAsync(sessions), []);
      assert.deepEqual(unreadable, [
        {
          file: none,
          line: null,
          reason: "Cannot be read: it does not exist, or is a symbolic link to something that does not.",
        },
      ]);
      assert.deepEqual(spills(), []);
    });
  });
});
