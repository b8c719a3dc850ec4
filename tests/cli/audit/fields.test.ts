import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fieldNames, fields } from "../../../cli/audit/fields.ts";
import { typeBySuffix, workspaceTables } from "../../../sandbox/query/workspaceTables.ts";
import { fieldFiles } from "../../../tools/fieldFiles.ts";
import { folded, readBack } from "./auditLines.ts";

const [dedicated, shared] = ["MicrosoftAzureBastionAuditLogs", "AzureDiagnostics"].map(
  (name) => workspaceTables[name]!,
);

describe("the facts of an audit record", () => {
  it("are those that a record is read into, and a session has those that are its own", () => {
    assert.deepEqual(new Set(Object.keys(readBack)), new Set(fieldNames));
    const names = Object.values(fields).flatMap((field) => ("session" in field ? field.session : []));
    assert.deepEqual(
      names.filter((name) => !Object.hasOwn(folded, name)),
      [],
    );
  });

  it("stand in columns that Microsoft documents, or that a row of AzureDiagnostics makes", () => {
    for (const [name, { column, diagnostics }] of Object.entries(fields)) {
      assert.ok(column === null || Object.hasOwn(dedicated!, column), name);
      // `Message` is in no list; it is asked for where it exists.
      const unknown = diagnostics.filter((one) => !Object.hasOwn(shared!, one) && typeBySuffix(one) === undefined);
      assert.deepEqual(unknown, name === "message" ? ["Message"] : [], name);
    }
  });

  for (const { path, written } of fieldFiles) {
    it(`stand in ${path.slice(path.lastIndexOf("/") + 1)} as in the table; write it with \`npm run fields\``, async () => {
      const text = readFileSync(path, "utf8");
      assert.equal(await written(text), text);
    });
  }
});
