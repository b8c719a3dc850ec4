import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { flowWriter } from "../../../../cli/audit/flows/flowStore.ts";
import { storedFlows, timesOf } from "../../../../cli/audit/flows/storedFlows.ts";
import { openEngine, type Engine, type SqlValue } from "../../../../cli/audit/store/engine.ts";
import type { Evidence } from "../../../../cli/audit/store/evidence.ts";
import { fileEvidence } from "../../../../cli/audit/store/readEvidence.ts";
import type { Unreadable } from "../../../../cli/audit/records/types.ts";
import { temporaryFolder } from "../../../held.ts";

/** 2 March 2026, 10:00 UTC. */
const ten = Date.parse("2026-03-02T10:00:00Z");
const minute = 60_000;
const now = new Date("2026-05-04T10:00:00Z");
const bastion = 0x0a000004;

/** A connection from 10.0.0.4 to port 22 of 10.0.1.4. */
const tuple = (at: number, state: string, counts = "0,0,0,0", port = 51_000): string =>
  `${ten + at * minute},10.0.0.4,10.0.1.4,${port},22,6,I,${state},NX,${counts}`;

function records(...flowTuples: string[]): string {
  const flows = [{ aclID: "nsg", flowGroups: [{ rule: "UserRule_allow", flowTuples }] }];
  return JSON.stringify({ records: [{ category: "FlowLogFlowEvent", flowRecords: { flows } }] });
}

describe("stored flows", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let engine: Engine;
  beforeEach(async () => {
    folder = temporaryFolder();
    engine = await openEngine(512);
  });
  afterEach(() => {
    engine.close();
    folder.remove();
  });

  function write(hour: string, content: string, copy = ""): string {
    const file = join(
      folder.path,
      copy,
      `flowLogResourceID=/S_G/W_F/y=2026/m=03/d=02/h=${hour}/m=00/macAddress=0/PT1H.json`,
    );
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  async function stored(...files: string[]): Promise<Evidence> {
    const store = { cacheDir: join(folder.path, "cache"), of: "flows" };
    return await fileEvidence(engine, { files, now, store }, flowWriter(engine));
  }

  async function read(
    ...files: string[]
  ): Promise<{ rows: SqlValue[][]; unreadable: readonly Unreadable[]; times: object | undefined }> {
    const { segments } = await stored(...files);
    const relation = await storedFlows(engine, segments);
    const rows = await engine.rows(`SELECT * EXCLUDE ("FlowId") FROM (${relation}) ORDER BY "Start"`);
    await engine.run("DROP TABLE joined_flows");
    return { rows, unreadable: segments.flatMap((one) => one.unreadable), times: await timesOf(engine, segments) };
  }

  /** A row of the relation, without its id. */
  function row(start: number, facts: { finish?: number; refused?: boolean; bytes?: number } = {}): SqlValue[] {
    const { finish, refused = false, bytes = 0 } = facts;
    const begin = ten + start * minute;
    const end = finish === undefined ? 0 : ten + finish * minute;
    const numbers = [22, bastion, begin, end].map(BigInt);
    return ["10.0.1.4", ...numbers, "allow", refused, BigInt(bytes), 0n] as SqlValue[];
  }

  it("are those to the given VMs, if VMs are given", async () => {
    const other = tuple(2, "D").replace("10.0.1.4", "10.0.1.5");
    const { segments } = await stored(write("10", records(tuple(1, "B"), other)));
    const relation = await storedFlows(engine, segments, { vms: `SELECT '10.0.1.5' AS "VmIp"` });
    assert.deepEqual(await engine.rows(`SELECT "VmIp", "Refused" FROM (${relation})`), [["10.0.1.5", true]]);
  });

  it("are one row for each connection that began, and for each that was refused", async () => {
    const file = write("10", records(tuple(1, "B"), tuple(3, "E", "1,100,1,200"), tuple(5, "D", "0,0,0,0", 52_000)));
    const { rows, times } = await read(file);
    assert.deepEqual(rows, [row(1, { finish: 3, bytes: 300 }), row(5, { refused: true })]);
    assert.deepEqual(times, { first: ten + minute, last: ten + 5 * minute, records: 2, areSums: false });
  });

  it("go on in the files of later hours", async () => {
    const first = write("10", records(tuple(58, "B"), tuple(59, "C", "1,1,1,1")));
    const second = write("11", records(tuple(63, "C", "1,100,1,200")));
    const third = write("12", records(tuple(121, "E", "1,1,1,2"), tuple(130, "B")));
    assert.deepEqual((await read(third, first, second)).rows, [row(58, { finish: 121, bytes: 305 }), row(130)]);
  });

  it("are the same in one file, in whatever order its hours are", async () => {
    const hours = [
      records(tuple(58, "B"), tuple(59, "C", "1,1,1,1")),
      records(tuple(63, "C", "1,100,1,200"), tuple(118, "C", "1,10,1,20")),
      records(tuple(121, "E", "1,1,1,2"), tuple(130, "B")),
    ];
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const file = write(`in order ${order.join("")}`, order.map((hour) => hours[hour]).join("\n"));
      assert.deepEqual((await read(file)).rows, [row(58, { finish: 121, bytes: 335 }), row(130)], order.join());
    }
  });

  it("are the same if many of them are joined part by part", async () => {
    const ports = Array.from({ length: 20 }, (_, index) => 51_000 + index);
    const hours = (at: number, state: string) => records(...ports.map((port) => tuple(at, state, "1,100,1,200", port)));
    const files = [write("10", hours(1, "B")), write("11", hours(61, "E"))];
    const { segments } = await stored(...files);
    const relation = await storedFlows(engine, segments, { atOnce: 3 });
    assert.deepEqual(
      await engine.rows(`SELECT * EXCLUDE ("FlowId"), count(DISTINCT "FlowId") FROM (${relation}) GROUP BY ALL`),
      [[...row(1, { finish: 61, bytes: 600 }), BigInt(ports.length)]],
    );
  });

  for (const atOnce of [1, 100]) {
    it(`are still there once somebody removes the store, if ${atOnce} of them fit into memory`, async () => {
      const { segments } = await stored(write("10", records(tuple(1, "B"), tuple(3, "D", "0,0,0,0", 52_000))));
      const relation = await storedFlows(engine, segments, { atOnce });
      rmSync(join(folder.path, "cache"), { recursive: true });
      assert.deepEqual(await engine.rows(`SELECT * EXCLUDE ("FlowId") FROM (${relation}) ORDER BY "Start"`), [
        row(1),
        row(3, { refused: true }),
      ]);
    });
  }

  it("leave out connections from before the log began", async () => {
    assert.deepEqual((await read(write("10", records(tuple(1, "C"), tuple(3, "E"), tuple(7, "B"))))).rows, [row(7)]);
  });

  it("count once what two copies of a blob have, even if one of them is older", async () => {
    const whole = records(tuple(1, "B"), tuple(3, "E", "1,100,1,200"));
    const files = [write("10", whole), write("10", records(tuple(1, "B")), "earlier")];
    assert.deepEqual((await read(...files)).rows, [row(1, { finish: 3, bytes: 300 })]);
  });

  it("count once what is in a joined file and in a blob, and have no bytes where two joined files share an hour", async () => {
    const hours = [
      records(tuple(58, "B"), tuple(59, "C", "1,1,1,1")),
      records(tuple(63, "C", "1,100,1,200"), tuple(118, "C", "1,10,1,20")),
      records(tuple(121, "E", "1,1,1,2"), tuple(130, "B")),
    ];
    const joined = (name: string, ...some: number[]) => write(name, some.map((hour) => hours[hour]).join("\n"));
    const files = [joined("first two", 0, 1), joined("second", 1), joined("third", 2)];
    assert.deepEqual((await read(...files)).rows, [row(58, { finish: 121, bytes: 335 }), row(130)]);
    const sharing = [joined("first two", 0, 1), joined("last two", 1, 2)];
    assert.deepEqual((await read(...sharing)).rows, [row(58, { finish: 121, bytes: -1 }), row(130)]);
  });

  it("have the same id in two copies of a blob, and each another one", async () => {
    const whole = records(tuple(1, "D"), tuple(1, "D", "0,0,0,0", 52_000));
    const { segments } = await stored(write("10", whole), write("10", whole, "copy"));
    const relation = await storedFlows(engine, segments);
    assert.deepEqual(await engine.rows(`SELECT count(*) FROM (${relation}) GROUP BY "FlowId"`), [[2n], [2n]]);
  });

  it("read only a changed file again", async () => {
    const file = write("10", records(tuple(1, "B")));
    const other = write("11", records(tuple(61, "B", "0,0,0,0", 53_000)));
    assert.deepEqual((await read(file, other)).rows, [row(1), row(61)]);
    write("10", records(tuple(1, "B"), tuple(2, "E", "1,1,1,1")));
    assert.deepEqual((await read(file, other)).rows, [row(1, { finish: 2, bytes: 2 }), row(61)]);
  });

  it("report what cannot be read", async () => {
    const file = write("10", records(tuple(1, "B"), "1,2"));
    const { rows, unreadable } = await read(file);
    assert.deepEqual(rows, [row(1)]);
    assert.deepEqual(unreadable, [
      { file, line: 1, reason: 'The flow tuple "1,2" cannot be read: it has 2 of 13 fields.' },
    ]);
  });
});
