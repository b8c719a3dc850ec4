import assert from "node:assert/strict";
import { openTrailWorkspace, type TrailWorkspace } from "../../../../../cli/audit/sources/workspace/queryTrail.ts";
import { shortId } from "../../../../../cli/audit/trail/shortId.ts";
import { workspaceQuery } from "../../../../../cli/audit/trail/workspaceQuery.ts";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { findDuckdbKql } from "../../../../../sandbox/query/python.ts";
import { forEachTest } from "../../../../held.ts";
import { customerId, needsChdb, startQueryPlane } from "../../../../sandbox/query/queryPlane.ts";
import { skip } from "../../../../skip.ts";
import { at, grant, handMade, hub, quiet, rule, session, skewMs } from "../../trail/relationRows.ts";
import { adasRecord } from "./adasRecord.ts";

const iso = (minutes: number): string => new Date(at(minutes)).toISOString();
const tunnel = "AAAAAAAA-0000-4000-8000-000000000001";

const record = (minutes: number, facts: JsonObject) => adasRecord(minutes, { TunnelId: tunnel, ...facts });

describe("a workspace that joins the trail", function () {
  this.timeout(120_000);
  before(needsChdb);
  before(async function () {
    if ((await findDuckdbKql()) === undefined) skip(this, "needs duckdb-kql, see `npm run sandbox:chdb`");
  });
  const plane = forEachTest(startQueryPlane);

  const range = { start: new Date(at(-60)), end: new Date(at(120)) };

  function open(): Promise<TrailWorkspace> {
    const { endpoint, credential } = plane;
    return openTrailWorkspace({ endpoint, customerId, credential, range, attempts: 1 });
  }

  async function joined(workspace: TrailWorkspace) {
    const { hosts, placements, jitVms, logged } = quiet;
    const rows = { hosts, placements, jitVms, logged, gaps: [], grants: [grant()], rules: [rule(), handMade()] };
    return workspace.join((table, hasFlows) =>
      workspaceQuery({ rows, range, skewMs, now: new Date(at(90)), table, hasFlows }),
    );
  }

  it("has no session if no record was written yet", async () => {
    const workspace = await open();
    const nothing = { records: 0, first: undefined, last: undefined };
    assert.deepEqual([workspace.audit, workspace.flows], [nothing, nothing]);
    assert.deepEqual(await joined(workspace), []);
  });

  it("gives the row of a session as the archive does, without a table of flows", async () => {
    plane.write("MicrosoftAzureBastionAuditLogs", [
      record(10, { Message: "Successfully Connected." }),
      record(20, { Message: "Successfully Disconnected" }),
    ]);
    const workspace = await open();
    assert.deepEqual(workspace.audit, { records: 2, first: new Date(at(10)), last: new Date(at(20)) });
    assert.deepEqual(await joined(workspace), [
      {
        ...session({ Id: shortId(tunnel), Tunnel: tunnel, Bastion: hub.toLowerCase() }),
        Port: 22,
        Verdict: "granted",
        Link: "correlation",
        Flags: "",
        GrantId: "g1",
        RuleId: "u1",
        RuleName: "",
        Candidates: "",
        FlowFinish: 0,
        Bytes: -1,
        Incomplete: false,
        Unlogged: false,
        Doubted: false,
        Shut: false,
      },
    ]);
  });

  it("takes the rule that Traffic Analytics names", async () => {
    plane.write("MicrosoftAzureBastionAuditLogs", [record(10, { Message: "Successfully Connected." })]);
    plane.write("NTANetAnalytics", [
      {
        TimeGenerated: iso(40),
        SubType: "FlowLog",
        FlowDirection: "Inbound",
        L4Protocol: "T",
        FlowStatus: "Allowed",
        FlowStartTime: iso(10),
        FlowIntervalStartTime: iso(10),
        FlowIntervalEndTime: iso(20),
        AllowedInFlows: 1,
        SrcIp: "10.60.0.5",
        DestIp: "10.60.1.4",
        DestPort: 22,
        AclRule: "UserRule_OpenSsh",
      },
    ]);
    const workspace = await open();
    assert.equal(workspace.flows.records, 1);
    const [row] = await joined(workspace);
    assert.deepEqual([row?.Verdict, row?.Link, row?.RuleId], ["bypassed", "flow", "u9"]);
  });
});
