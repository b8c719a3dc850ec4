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

  it("count as not read for two hours if they are rows of Traffic Analytics only", async () => {
    using logs = new TrailFolder();
    const row = {
      ...{ Type: "NTANetAnalytics", SubType: "FlowLog", FlowDirection: "I", L4Protocol: "T", FlowStatus: "A" },
      ...{ SrcIp: "10.60.0.5", DestIp: "10.60.1.4", DestPort: 22, FlowStartTime: at(0), FlowIntervalStartTime: at(0) },
      FlowIntervalEndTime: at(600),
    };
    const untilIn = async () => {
      const engine = await openEngine(512);
      try {
        await engine.run(`CREATE TABLE folded AS SELECT '10.60.1.4' AS "VmIp"`);
        const io = fakeIo({ cwd: logs.path, now: at(2.5 * 3600) });
        const progress = { update: () => undefined, end: () => undefined };
        const range = { from: undefined, to: undefined };
        return (await readFlows(engine, { source: ".", noCache: true }, range, io, progress)).coverage.until;
      } finally {
        engine.close();
      }
    };
    logs.write("flows.json", JSON.stringify(row));
    assert.equal(await untilIn(), at(1800));
    logs.flow(60, allowName);
    assert.equal(await untilIn(), at(3600));
  });
});
