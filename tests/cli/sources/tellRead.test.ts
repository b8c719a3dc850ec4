import assert from "node:assert/strict";
import type { Coverage } from "../../../cli/audit/records/types.ts";
import { counted } from "../../../cli/counted.ts";
import { tellCoverage, tellUnreadable } from "../../../cli/sources/tellRead.ts";
import { fakeIo } from "../fakeIo.ts";
import { logResult } from "../commands/logs/session.ts";

async function told(sessions: number, coverage: Partial<Coverage>): Promise<string> {
  const io = fakeIo({ now: "2026-05-04T12:00:00Z" });
  const result = logResult([]);
  await tellCoverage(io, counted(sessions, "session"), { ...result.coverage, ...coverage }, false);
  assert.equal(io.written.stdout, "");
  return io.written.stderr;
}

describe("the summary of the records", () => {
  it("has their number and their age", async () => {
    assert.equal(
      await told(2, { recordsRead: 5, hoursRead: 26, duplicates: 1, lastRecord: "2026-05-04T09:54:30.000Z" }),
      "2 sessions from 5 records in 26 files, 1 of them twice. Last record: 2026-05-04 09:54:30Z (2h 05m ago).\n",
    );
  });

  it("has no number of files for a source without files, and no age of a future record", async () => {
    assert.equal(
      await told(1, { recordsRead: 1, hoursRead: null, lastRecord: "2026-05-04T13:00:00.000Z" }),
      "1 session from 1 record. Last record: 2026-05-04 13:00:00Z.\n",
    );
  });

  const ended = { to: "2026-05-04T02:00:00.000Z", recordsRead: 1, lastRecord: "2026-05-04T01:10:00.000Z" };

  it("says until when the records of a past range were received, and how to read later ones", async () => {
    assert.equal(
      await told(1, { ...ended, hoursRead: 1, receivedUntil: "2026-05-04T08:00:00.000Z" }),
      "1 session from 1 record in 1 file. Last record: 2026-05-04 01:10:00Z (10h 50m ago). " +
        "Read: records received until 2026-05-04 08:00:00Z. Use --late to read later ones.\n",
    );
  });

  it("does not offer later records if all that have arrived were read", async () => {
    assert.equal(
      await told(1, { ...ended, hoursRead: 1, receivedUntil: "2026-05-04T12:00:00.000Z" }),
      "1 session from 1 record in 1 file. Last record: 2026-05-04 01:10:00Z (10h 50m ago). " +
        "Read: records received until 2026-05-04 12:00:00Z.\n",
    );
  });

  it("says that nothing has arrived", async () => {
    assert.equal(
      await told(0, { recordsRead: 0, hoursRead: 0 }),
      "0 sessions from 0 records in 0 files. No record has arrived.\n",
    );
  });
});

describe("what could not be read", () => {
  const damaged = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ file: "a.json", line: index + 1, reason: "This is not JSON." }));

  it("is named by file and line", async () => {
    const io = fakeIo();
    await tellUnreadable(io, damaged(2), { lost: 2, aside: 0 });
    assert.equal(
      io.written.stderr,
      "warning: 2 records could not be read:\n  a.json:1: This is not JSON.\n  a.json:2: This is not JSON.\n",
    );
  });

  it("is named for the first ten places, and counted for the others", async () => {
    const io = fakeIo();
    await tellUnreadable(io, damaged(12), { lost: 12, aside: 0 });
    const places = Array.from({ length: 10 }, (_, index) => `  a.json:${index + 1}: This is not JSON.\n`);
    assert.equal(
      io.written.stderr,
      `warning: 12 records could not be read:\n${places.join("")}  and 2 more: --json lists all of them\n`,
    );
  });

  it("is in the JSON document as far as its places are held", async () => {
    const io = fakeIo();
    await tellUnreadable(io, damaged(11), { lost: 12, aside: 1 });
    assert.match(io.written.stderr, /^warning: 12 records could not be read, 1 value or file skipped:\n/);
    assert.match(io.written.stderr, /\n  and 3 more: --json lists the first 11\n$/);
  });

  it("is not mentioned where there is none", async () => {
    const io = fakeIo();
    await tellUnreadable(io, [], { lost: 0, aside: 0 });
    assert.equal(io.written.stderr, "");
  });
});
