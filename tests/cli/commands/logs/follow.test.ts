import assert from "node:assert/strict";
import type { LogResult, Session, Unread, Unreadable } from "../../../../cli/audit/records/types.ts";
import { UserError } from "../../../../cli/errors.ts";
import { follow } from "../../../../cli/commands/logs/follow.ts";
import { fakeIo } from "../../fakeIo.ts";
import { logResult, session } from "./session.ts";

interface Seen {
  readonly shown: Session[];
  readonly unreadable: Unreadable[];
  readonly failures: unknown[];
  /** How much became unreadable with each read. */
  readonly more: Unread[];
}

/** Follows a source that gives these results, one at a time, and is stopped after the last. */
async function followed(results: readonly (LogResult | Error | undefined)[]): Promise<Seen> {
  const io = fakeIo();
  const seen: Seen = { shown: [], unreadable: [], failures: [], more: [] };
  let reads = 0;
  const sessions = follow(
    {
      read: () => {
        const result = results[reads++];
        if (reads === results.length) io.interrupt();
        return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
      },
      interval: 1,
      onUnreadable: ({ places, more }) => {
        seen.more.push(more);
        return Promise.resolve(void seen.unreadable.push(...places));
      },
      onFailure: (error) => Promise.resolve(void seen.failures.push(error)),
    },
    io,
  );
  for await (const one of sessions) seen.shown.push(one);
  assert.equal(reads, results.length);
  return seen;
}

describe("sessions that are followed", () => {
  const open = session({});
  const closed = session({ state: "closed", end: "2026-05-04T11:00:00.000Z", durationSeconds: 3600, records: 2 });
  const other = session({ tunnelId: "t2" });

  it("are shown when they appear and when they change, and not again", async () => {
    const { shown } = await followed([
      logResult([open]),
      logResult([open, other]),
      undefined,
      logResult([closed, other]),
      logResult([closed, other]),
    ]);
    assert.deepEqual(shown, [open, other, closed]);
  });

  it("are distinguished if they have no tunnel", async () => {
    const [first, second] = [session({ tunnelId: null }), session({ tunnelId: null, account: "root" })];
    assert.deepEqual((await followed([logResult([first]), logResult([first, second])])).shown, [first, second]);
  });

  it("come with each unreadable record once", async () => {
    const damaged = { file: "PT1H.json", line: 3, reason: "It is no JSON." };
    const later = { ...damaged, line: 9 };
    const { unreadable } = await followed([logResult([], [damaged]), logResult([], [damaged, later])]);
    assert.deepEqual(unreadable, [damaged, later]);
  });

  it("come with what is unreadable in a new file though that of an old one is gone", async () => {
    const damaged = { file: "old.json", line: 3, reason: "It is no JSON." };
    const later = { ...damaged, file: "new.json" };
    const { unreadable, more } = await followed([logResult([], [damaged]), logResult([], [later]), logResult([])]);
    assert.deepEqual(unreadable, [damaged, later]);
    assert.deepEqual(more, [
      { lost: 1, aside: 0 },
      { lost: 1, aside: 0 },
      { lost: 0, aside: 0 },
      { lost: 0, aside: 0 },
    ]);
  });

  describe("whose last record is cut off", () => {
    const cut = { file: "a.json", line: 3, reason: "The record is cut off or damaged." };
    const lostIn = ({ more }: Seen): number[] => more.map(({ lost }) => lost);

    it("are not told of it if the next read has all of it", async () => {
      const seen = await followed([logResult([]), logResult([], [cut]), logResult([open])]);
      assert.deepEqual([seen.unreadable, lostIn(seen)], [[], [0, 0, 0, 0]]);
    });

    it("are told of it if the next read is without it as well, or there is none", async () => {
      const again = await followed([logResult([], [cut]), logResult([], [cut]), logResult([], [cut])]);
      assert.deepEqual([again.unreadable, lostIn(again)], [[cut], [0, 1, 0, 0]]);
      const unchanged = await followed([logResult([], [cut]), undefined, undefined]);
      assert.deepEqual([unchanged.unreadable, lostIn(unchanged)], [[cut], [0, 1, 0, 0]]);
      const last = await followed([logResult([], [cut])]);
      assert.deepEqual([last.unreadable, lostIn(last)], [[cut], [0, 1]]);
    });
  });

  it("continue after a failed read", async () => {
    const failure = new Error("ECONNRESET");
    const { shown, failures } = await followed([logResult([open]), failure, logResult([closed])]);
    assert.deepEqual([shown, failures], [[open, closed], [failure]]);
  });

  it("end if the first read fails, or after an error that cannot be temporary", async () => {
    await assert.rejects(followed([new Error("ECONNRESET"), undefined]), /ECONNRESET/);
    await assert.rejects(followed([logResult([]), new UserError("Gone.", "Look."), undefined]), /Gone/);
  });
});
