import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LogResult, Session } from "../../../../cli/audit/records/types.ts";
import { foldFolder } from "../../../../cli/audit/sessions/foldFolder.ts";
import { foldRecords } from "../../../../cli/audit/sessions/foldRecords.ts";
import { blobRecord, folded, lines, LogFolder, readAll, readBack } from "../auditLines.ts";
import { now, at, fold, only, end } from "./folding.ts";

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
        `${'{"body":'.repeat(50_000)}1${"}".repeat(50_000)}`,
        `${'{"responses":[{"body":'.repeat(50_000)}1${"}]}".repeat(50_000)}`,
        `{"x":1,"records":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
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
        [4, "Its values are nested too deeply."],
        [5, "Its values are nested too deeply."],
        [6, "Its values are nested too deeply."],
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
        ...(reason === unfinished && { skipped: true }),
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
