import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { openEngine } from "../../../cli/audit/store/engine.ts";
import { readFlows } from "../../../cli/sources/flowSource.ts";
import { allowName, at } from "../audit/activity/events.ts";
import { TrailFolder } from "../commands/trail/logFolder.ts";
import { fakeIo } from "../fakeIo.ts";

describe("flow logs of a folder", () => {
  it("are read without the store once somebody removes the cache in the meantime", async () => {
    using logs = new TrailFolder().flow(601, allowName);
    const io = fakeIo({ cwd: logs.path, now: "2026-05-05T12:00:00Z" });
    const cache = join(logs.path, "cache");
    // The file is stored, but its segment has not been read yet.
    const progress = {
      update: (text: string) => {
        if (text === "Reading the flow logs: 1 of 1 files") rmSync(cache, { recursive: true, force: true });
      },
      end: () => undefined,
    };
    const engine = await openEngine(512);
    try {
      await engine.run(`CREATE TABLE folded AS SELECT '10.60.1.4' AS "VmIp"`);
      const flags = { source: ".", cache };
      const { relation = "", ...read } = await readFlows(
        engine,
        flags,
        { from: undefined, to: undefined },
        io,
        progress,
      );
      assert.deepEqual(await engine.rows(`SELECT "Rule", "Start" FROM (${relation})`), [
        [allowName, BigInt(Date.parse(at(601)))],
      ]);
      assert.deepEqual(read, {
        coverage: { state: "read", from: at(0), until: at(3600), gaps: [], recordsRead: 1, lastRecord: at(601) },
        unreadable: [],
        unread: { lost: 0, aside: 0 },
        lostIn: [],
        otherLogs: {},
      });
    } finally {
      engine.close();
    }
  });
});
