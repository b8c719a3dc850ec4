import assert from "node:assert/strict";
import fc from "fast-check";
import type { Engine } from "../../../../cli/audit/store/engine.ts";
import { trailQuery } from "../../../../cli/audit/trail/joinTrail.ts";
import { foldedVms, grantsOf, rulesOf } from "../../../../cli/audit/trail/possibleMatches.ts";
import type { RelationRows, RowOf } from "../../../../cli/audit/trail/relations.ts";
import { wholeSchema } from "../../../../cli/audit/trail/relationTables.ts";
import { comparable } from "./cases.ts";
import { randomRelations } from "./randomRelations.ts";
import { db, grant, joinIn, quiet, rule, session, trailEngine, web, webGroup } from "./relationRows.ts";

describe("the grants and rules that can match a session", () => {
  const vms = {
    keys: new Set([web.toLowerCase(), "ip:10.60.1.4"]),
    addresses: new Set(["10.60.1.4"]),
  };

  it("are the grants of its VM, by id or by address", () => {
    const keys = [web.toLowerCase(), db.toLowerCase(), "ip:10.60.1.4", "IP:10.60.1.4", "ip:10.60.1.5"];
    const kept = [
      ...grantsOf(
        vms,
        keys.map((VmKey) => grant({ VmKey })),
      ),
    ].map(({ VmKey }) => VmKey);
    assert.deepEqual(kept, [web.toLowerCase(), "ip:10.60.1.4", "IP:10.60.1.4"]);
  });

  it("are the rules for its VM's address, and those for several addresses", () => {
    const scopes = [`${webGroup}|10.60.1.4`, `${webGroup}|10.60.1.5`, `${webGroup}|*`, "a|b|10.60.1.4"];
    const kept = [
      ...rulesOf(
        vms,
        scopes.map((Scope) => rule({ Scope })),
      ),
    ].map(({ Scope }) => Scope);
    assert.deepEqual(kept, [`${webGroup}|10.60.1.4`, `${webGroup}|*`, "a|b|10.60.1.4"]);
  });

  describe("in an engine", () => {
    let engine: Engine;
    before(async () => {
      engine = await trailEngine();
    });
    after(() => {
      engine.close();
    });

    const vmsOf = async (sessions: readonly RowOf<"sessions">[], rows: RelationRows) => {
      await joinIn(engine, { ...rows, sessions }, trailQuery("sql"));
      await engine.run(`CREATE OR REPLACE TABLE folded AS FROM ${wholeSchema}.sessions`);
      return await foldedVms(engine);
    };

    it("are those of the folded sessions' VMs, without case", async () => {
      const sessions = [
        session({ Id: "1" }),
        session({ Id: "2", Vm: web.toUpperCase() }),
        session({ Id: "3", Vm: "" }),
      ];
      assert.deepEqual(await vmsOf(sessions, quiet), {
        keys: new Set([web.toLowerCase(), "ip:10.60.1.4", ""]),
        addresses: new Set(["10.60.1.4"]),
      });
    });

    it("give the same join as all grants and rules", async () => {
      const agree = async (rows: RelationRows): Promise<void> => {
        const sessions = rows.sessions.filter(({ Vm, VmIp }) => Vm.toLowerCase() === web.toLowerCase() && VmIp !== "");
        const whole = await joinIn(engine, { ...rows, sessions }, trailQuery("sql"));
        const found = await vmsOf(sessions, rows);
        const [grants, rules] = [[...grantsOf(found, rows.grants)], [...rulesOf(found, rows.rules)]];
        const possible = await joinIn(engine, { ...rows, sessions, grants, rules }, trailQuery("sql"));
        assert.deepEqual(comparable(possible), comparable(whole));
      };
      await fc.assert(fc.asyncProperty(randomRelations(30), agree), { numRuns: 3, endOnFailure: true });
    }).timeout(60_000);
  });
});
