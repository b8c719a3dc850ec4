import assert from "node:assert/strict";
import { workspaceQuery } from "../../../../cli/audit/trail/workspaceQuery.ts";
import { dedicatedTable } from "../../../../cli/audit/kql/auditTables.ts";
import { workspaceTables } from "../../../../sandbox/query/workspaceTables.ts";
import { diagnosticsOf } from "../../../../sandbox/query/kustoParser.ts";
import { stringsOf } from "../kql/kustoParser.ts";
import { at, grant, handMade, hub, quiet, rule } from "./relationRows.ts";

describe("the trail as one query for Log Analytics", () => {
  const { sessions, flows, ...rows } = { ...quiet, grants: [grant()], rules: [rule(), handMade()], gaps: [] };
  const range = { start: new Date(at(0)), end: new Date(at(60)) };
  const now = new Date(at(90));
  const trail = { rows, range, skewMs: 120_000, now, bastion: hub, table: dedicatedTable, hasFlows: true };

  it("is what Microsoft's parser takes, over the columns that Microsoft documents", () => {
    assert.deepEqual([sessions, flows], [[], []]);
    assert.deepEqual(diagnosticsOf(workspaceQuery(trail), workspaceTables), []);
    assert.deepEqual(diagnosticsOf(workspaceQuery({ ...trail, bastion: undefined }), workspaceTables), []);
    const { NTANetAnalytics, ...others } = workspaceTables;
    assert.notEqual(NTANetAnalytics, undefined);
    assert.deepEqual(diagnosticsOf(workspaceQuery({ ...trail, hasFlows: false }), others), []);
  });

  it("is noticed when it names a column that no table has", () => {
    assert.match(
      diagnosticsOf(workspaceQuery(trail).replace("AclRule", "AclName"), workspaceTables).join(),
      /The name 'AclName' does not refer to any known column/,
    );
  });

  it("holds what people chose as texts, whatever is in it", () => {
    const hostile = '"]; MicrosoftAzureBastionAuditLogs | take 1 //\\\n';
    const query = workspaceQuery({ ...trail, rows: { ...rows, grants: [grant({ People: hostile })] } });
    assert.deepEqual(diagnosticsOf(query, workspaceTables), []);
    assert.ok(stringsOf(query).includes(hostile));
  });
});
