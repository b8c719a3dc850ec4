import assert from "node:assert/strict";
import fc from "fast-check";
import type { Engine } from "../../../../cli/audit/store/engine.ts";
import { joinTrail, trailQuery } from "../../../../cli/audit/trail/joinTrail.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import type { JoinedRow } from "../../../../cli/audit/trail/relations.ts";
import { allCases, caseGroups, comparable, rowsOf, saidOf, type Case } from "./cases.ts";
import { mergedCases, separated } from "./mergedCases.ts";
import { randomRelations } from "./randomRelations.ts";
import { at, db, flow, handMade, ip, joinIn, minute, quiet, session, skewMs, trailEngine } from "./relationRows.ts";

describe("the trail", () => {
  let engine: Engine;
  before(async () => {
    engine = await trailEngine();
  });
  after(() => {
    engine.close();
  });

  describe("of a case", () => {
    const joined = new Map<Case, readonly JoinedRow[]>();
    before(async () => {
      for (const set of mergedCases(allCases)) {
        const rows = separated(set, await joinIn(engine, set.rows, trailQuery("sql")));
        set.cases.forEach((one, index) => joined.set(one, rows[index] ?? []));
      }
    });

    for (const [title, cases] of Object.entries(caseGroups)) {
      describe(title, () => {
        for (const one of cases) {
          it(one.name, () => {
            assert.deepEqual(saidOf(one, joined.get(one) ?? []), one.says);
          });
        }
      });
    }
  });

  it("has one row for each session, by its start", async () => {
    const { sessions, ...rest } = rowsOf({ name: "", rows: {}, says: [] });
    assert.deepEqual(sessions, []);
    assert.deepEqual(await joinIn(engine, { sessions, ...rest }, trailQuery("sql")), []);
  });

  it("says the same however few sessions are joined at once", async () => {
    const agree = async (rows: Parameters<typeof joinIn>[1]): Promise<void> => {
      const whole = await joinIn(engine, rows, trailQuery("sql"));
      const parts = await Array.fromAsync(joinTrail(engine, skewMs, trailQuery("sql"), 7));
      assert.deepEqual(comparable(parts), comparable(whole));
    };
    await fc.assert(fc.asyncProperty(randomRelations(30), agree), { ...propertyRuns(2), endOnFailure: true });
  }).timeout(60_000);

  it("knows every session that a connection may belong to, whatever part it is joined in", async () => {
    const begun = (Id: string, seconds: number, facts = {}) => {
      const Start = at(0) + seconds * 1000;
      return session({ Id, Tunnel: Id, Start, Finish: Start + minute, Seen: Start + minute, ...facts });
    };
    const sums = { Interval: 10 * minute, Source: ip("10.60.0.5") };
    const rows = {
      ...quiet,
      // The connection to port 22 may be that of the second or the third, so that to port 2222 may be the second's or the first's.
      sessions: [
        begun("first", 0),
        begun("elsewhere", 1, { Vm: db, VmName: "db", VmIp: "10.60.1.5" }),
        begun("second", 810),
        begun("third", 1630),
      ],
      flows: [
        flow({ FlowId: "custom", Port: 2222, Start: at(0) + 100_000, ...sums }),
        flow({ FlowId: "usual", Start: at(0) + 920_000, ...sums }),
      ],
    };
    const bytesOf = (joined: readonly JoinedRow[]) => joined.map(({ Id, Bytes }) => [Id, Bytes]);
    const unknown = ["first", "elsewhere", "second", "third"].map((Id) => [Id, -1]);
    assert.deepEqual(bytesOf(await joinIn(engine, rows, trailQuery("sql"))), unknown);
    assert.deepEqual(bytesOf(await Array.fromAsync(joinTrail(engine, skewMs, trailQuery("sql"), 1))), unknown);
  });

  it("joins sessions in smaller parts if rules that nobody deleted do not fit into memory", async () => {
    const sessions = Array.from({ length: 4000 }, (_, index) =>
      session({
        Id: String(index),
        Tunnel: String(index),
        Start: at(index),
        Finish: at(index + 1),
        Seen: at(index + 1),
      }),
    );
    const rules = Array.from({ length: 500 }, (_, index) =>
      handMade({ RuleId: `r${index}`, Name: `Open-${index}`, Priority: 1000 + index, From: at(-10), Until: at(5000) }),
    );
    const small = await trailEngine(40);
    try {
      const rows = await joinIn(small, { ...quiet, sessions, rules }, trailQuery("sql"));
      assert.deepEqual(
        rows.map(({ Id, RuleId }) => [Id, RuleId]),
        sessions.map(({ Id }) => [Id, "r0"]),
      );
    } finally {
      small.close();
    }
  }).timeout(60_000);

  it("does not list the days up to a session of another millennium for each rule", async () => {
    const times = [Date.parse("0001-01-01T00:00:00Z"), at(0), Date.parse("9999-12-31T23:59:59Z")];
    const sessions = times.map((Start, index) => session({ Id: String(index), Start, Finish: Start, Seen: Start }));
    const rules = Array.from({ length: 2000 }, (_, index) =>
      handMade({ RuleId: `r${index}`, Priority: 1000 + index, From: at(-10), Until: 8.64e15 }),
    );
    const rows = await joinIn(engine, { ...quiet, sessions, rules }, trailQuery("sql"));
    assert.deepEqual(
      rows.map(({ Id, RuleId }) => [Id, RuleId]),
      [
        ["0", ""],
        ["1", "r0"],
        ["2", "r0"],
      ],
    );
  }).timeout(30_000);
});
