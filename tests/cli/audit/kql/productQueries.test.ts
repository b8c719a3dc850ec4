import assert from "node:assert/strict";
import { typeBySuffix, workspaceTables, type TableSchema } from "../../../../sandbox/query/workspaceTables.ts";
import { diagnosticsOf } from "../../../../sandbox/query/kustoParser.ts";
import { productQueries } from "./productQueries.ts";

/** The columns that Bastion's records make in AzureDiagnostics. */
const grown = Object.fromEntries(
  ["tunnelId_g", "userName_s", "userEmail_s", "clientIpAddress_s", "clientPort_d", "message_s", "duration_d"].map(
    (name) => [name, typeBySuffix(name)!],
  ),
);

/** Workspaces as they are in the wild. */
const workspaces: Readonly<Record<string, Readonly<Record<string, TableSchema>>>> = {
  "a workspace of today": {
    ...workspaceTables,
    AzureDiagnostics: { ...workspaceTables.AzureDiagnostics, ...grown },
  },
  "a workspace without the later columns": {
    ...workspaceTables,
    MicrosoftAzureBastionAuditLogs: without(workspaceTables.MicrosoftAzureBastionAuditLogs!, [
      "UserEmail",
      "ResourceType",
    ]),
  },
};

for (const [workspace, tables] of Object.entries(workspaces)) {
  describe(`in ${workspace}, Microsoft's parser finds nothing wrong with the query of`, () => {
    for (const [name, kql] of Object.entries(productQueries)) {
      it(name, () => {
        assert.deepEqual(diagnosticsOf(kql, tables), []);
      });
    }
  });
}

describe("Microsoft's parser", () => {
  it("does find a column that is not there, and a text cut short", () => {
    assert.deepEqual(diagnosticsOf("AzureActivity | where Colour == 1", workspaceTables), [
      "KS142 The name 'Colour' does not refer to any known column, table, variable or function.",
    ]);
    assert.notDeepEqual(diagnosticsOf('AzureActivity | where Caller == "a', workspaceTables), []);
  });
});

function without(schema: TableSchema, columns: readonly string[]): TableSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !columns.includes(name)));
}
