import assert from "node:assert/strict";
import fc from "fast-check";
import type { Engine } from "../../../../cli/audit/store/engine.ts";
import { trailQuery } from "../../../../cli/audit/trail/joinTrail.ts";
import { foldedVms, mayReach } from "../../../../cli/audit/trail/possibleMatches.ts";
import type { RelationRows, RowOf } from "../../../../cli/audit/trail/relations.ts";
import { wholeSchema } from "../../../../cli/audit/trail/relationTables.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import { rule as ruleContent } from "../activity/events.ts";
import { comparable } from "./cases.ts";
import { randomRelations } from "./randomRelations.ts";
import { joinIn, quiet, session, trailEngine, web } from "./relationRows.ts";

describe("the grants and rules that can match a session", () => {
  const vms = {
    keys: new Set([web.toLowerCase(), "ip:10.60.1.4"]),
    addresses: new Set(["10.60.1.4"]),
  };

  const destinations: readonly (readonly [string, readonly string[] | null, boolean])[] = [
    ["its VM's address", ["10.60.1.4"], true],
    ["its VM's address, as a range", [" 10.60.1.4/32"], true],
    ["another address", ["10.60.1.5"], false],
    ["other addresses", ["10.60.1.5", "10.60.1.6/32"], false],
    ["its VM's and another address", ["10.60.1.5", "10.60.1.4"], true],
    ["a range", ["10.60.1.0/24"], true],
    ["everything", ["*"], true],
    ["a service tag", ["VirtualNetwork"], true],
    ["something that cannot be read", ["10.60.1"], true],
    ["addresses that the log does not have", [], true],
    ["what the log does not have", null, true],
  ];
  for (const [name, written, isPossible] of destinations) {
    it(`are ${isPossible ? "" : "not "}the rules for ${name}`, () => {
      const content = written === null ? null : ruleContent("Open", { destinations: written });
      assert.equal(mayReach(vms, { rule: content }), isPossible);
    });
  }

  it("are all rules if the address of a VM is not known", () => {
    const content = ruleContent("Open", { destinations: ["10.60.1.5"] });
    assert.equal(mayReach({ ...vms, addresses: new Set([""]) }, { rule: content }), true);
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
        const grants = rows.grants.filter(({ VmKey }) => found.keys.has(VmKey.toLowerCase()));
        const rules = rows.rules.filter(({ Scope }) =>
          ["*", ...found.addresses].includes(Scope.split("|").at(-1) ?? ""),
        );
        const possible = await joinIn(engine, { ...rows, sessions, grants, rules }, trailQuery("sql"));
        assert.deepEqual(comparable(possible), comparable(whole));
      };
      await fc.assert(fc.asyncProperty(randomRelations(30), agree), { ...propertyRuns(3), endOnFailure: true });
    }).timeout(60_000);
  });
});
