import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fieldOf, sessionFields } from "../../../cli/audit/fields.ts";
import { sessionsRule } from "../../../core/kql/sessionsRule.ts";
import { workspaceTables } from "../../../sandbox/query/workspaceTables.ts";
import { diagnosticsOf } from "../../../sandbox/query/kustoParser.ts";

const file = readFileSync(new URL("../../../core/kql/sessions.kql", import.meta.url), "utf8");
const queryWith = (rule: string): string => `let Records = MicrosoftAzureBastionAuditLogs;\n${rule}\nSessions`;

describe("the rule for what a session is, in KQL,", () => {
  it("is right to Microsoft's parser as it stands in its file, and as queries have it", () => {
    for (const rule of [file, sessionsRule(), sessionsRule(["Person"]), sessionsRule([])]) {
      assert.deepEqual(diagnosticsOf(queryWith(rule), workspaceTables), []);
    }
  });

  it("is the text of its file without comments in a query", () => {
    const code = file.split("\n").filter((line) => !line.trim().startsWith("//"));
    assert.equal(`${sessionsRule()}\n`, code.join("\n"));
  });

  it("has only the facts of a session that a query needs", () => {
    const left = sessionsRule()
      .split("\n")
      .filter((line) => !sessionsRule(["Person", "Vm"]).split("\n").includes(line));
    const names = sessionFields.flatMap((name) => fieldOf(name).session ?? []);
    assert.deepEqual(
      left.map((line) => line.trim().split(" = ")[0]?.toLowerCase()),
      names.filter((name) => !["person", "vm", "message"].includes(name)).map((name) => name.toLowerCase()),
    );
  });
});
