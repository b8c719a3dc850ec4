import assert from "node:assert/strict";
import fc from "fast-check";
import { dedicatedTable } from "../../../../cli/audit/kql/auditTables.ts";
import type { Engine } from "../../../../cli/audit/store/engine.ts";
import { trailQuery } from "../../../../cli/audit/trail/joinTrail.ts";
import type { RelationRows } from "../../../../cli/audit/trail/relations.ts";
import { trailKql, workspaceQuery } from "../../../../cli/audit/trail/workspaceQuery.ts";
import { workspaceTables } from "../../../../sandbox/query/workspaceTables.ts";
import { propertyRuns } from "../../../propertyRuns.ts";
import { skip } from "../../../skip.ts";
import { allCases, comparable, saidOf } from "./cases.ts";
import { judged, kqlJudge } from "./kqlJudge.ts";
import { mergedCases, separated } from "./mergedCases.ts";
import { randomRelations } from "./randomRelations.ts";
import { at, flow, grant, handMade, hub, joinIn, quiet, rule, session, skewMs, trailEngine } from "./relationRows.ts";

const query = trailKql(skewMs);

describe("trail.kql, executed, gives the rows of trail.sql", function () {
  this.timeout(300_000);
  let python: string;
  let engine: Engine;

  before(async function () {
    try {
      python = kqlJudge();
    } catch {
      skip(this, "needs Python 3.11 or newer, and its packages");
    }
    engine = await trailEngine();
  });
  after(() => {
    (engine as Engine | undefined)?.close();
  });

  it("for every link, verdict, flag and trap", async () => {
    const sets = mergedCases(allCases);
    const answers = await judged(
      python,
      query,
      sets.map(({ rows }) => rows),
    );
    const said = sets.flatMap((set, index) =>
      separated(set, answers[index] ?? []).map((rows, at) => ({
        name: set.cases[at]!.name,
        says: saidOf(set.cases[at]!, rows),
      })),
    );
    assert.deepEqual(
      said,
      sets.flatMap(({ cases }) => cases.map(({ name, says }) => ({ name, says }))),
    );
  });

  it("for thousands of random rows", async () => {
    const agree = async (rows: RelationRows): Promise<void> => {
      const [kql = []] = await judged(python, query, [rows]);
      const sql = await joinIn(engine, rows, trailQuery("sql"));
      assert.equal(sql.length, rows.sessions.length);
      assert.deepEqual(comparable(kql), comparable(sql));
    };
    await fc.assert(fc.asyncProperty(randomRelations(3000), agree), { ...propertyRuns(2), endOnFailure: true });
  });

  it("over the tables of a workspace, with requests and rules in its text", async () => {
    const { hosts, placements, jitVms, gaps } = quiet;
    const rows = {
      hosts,
      placements,
      jitVms,
      gaps,
      logged: quiet.logged,
      grants: [grant()],
      rules: [rule(), handMade()],
    };
    const range = { start: new Date(at(0)), end: new Date(at(60)) };
    const asked = { skewMs, now: new Date(at(90)), bastion: hub, table: dedicatedTable, hasFlows: true };
    const whole = workspaceQuery({ rows, range, ...asked });
    // What a session is, is compared with the SQL of the fold elsewhere, by an engine that knows its functions.
    const rest = whole.replace(/let Records[^]*?(?=let sessions =)/, "");
    const texts = [
      "Session",
      "TunnelId",
      "State",
      "Vm",
      "VmIp",
      "Protocol",
      "ClientIp",
      "Person",
      "Account",
      "Outcome",
      "Bastion",
      "Message",
    ];
    const Sessions = {
      ...Object.fromEntries(texts.map((column) => [column, "string"])),
      ...{
        First: "datetime",
        Start: "datetime",
        End: "datetime",
        Last: "datetime",
        DurationMs: "long",
        ClientPort: "int",
      },
    };
    const { Tunnel, Start, StartTold, Finish, Seen, ...facts } = session();
    const iso = (time: number): string => new Date(time).toISOString();
    assert.ok(StartTold);
    const logged = {
      ...facts,
      First: iso(Start),
      Message: "Successfully Connected.",
      Session: Tunnel,
      TunnelId: Tunnel,
      Start: iso(Start),
      End: iso(Finish),
      Last: iso(Seen),
    };
    const [interval, begun] = [iso(at(10)), iso(at(10) + 1000)];
    const analytics = {
      ...{
        TimeGenerated: iso(at(30)),
        SubType: "FlowLog",
        FlowDirection: "Inbound",
        L4Protocol: "T",
        FlowStatus: "Allowed",
      },
      ...{ FlowStartTime: begun, FlowIntervalStartTime: interval, FlowIntervalEndTime: iso(at(20)), AllowedInFlows: 1 },
      ...{ SrcIp: "10.60.0.5", DestIp: "10.60.1.4", DestPort: 22, AclRule: "UserRule_OpenSsh" },
    };
    const { NTANetAnalytics = {} } = workspaceTables;
    const [answer] = await judged(python, rest, [{ Sessions: [logged], NTANetAnalytics: [analytics] }], {
      Sessions,
      NTANetAnalytics,
    });
    const [expected] = await joinIn(
      engine,
      {
        ...quiet,
        ...rows,
        sessions: [session({ Id: Tunnel })],
        flows: [
          flow({
            ...{ FlowId: `10.60.1.4 22 10.60.0.5 ${begun.replace("Z", "0000Z")}`, Start: at(10) + 1000, Finish: 0 },
            ...{ Rule: "OpenSsh", Bytes: -1, Interval: 599_000 },
          }),
        ],
      },
      trailQuery("sql"),
    );
    assert.equal(expected?.Verdict, "bypassed");
    assert.deepEqual(answer, [expected]);
  });
});
