/** What is written from the table of facts of an audit record. */
import { fieldNames, fieldOf, sqlType } from "../cli/audit/fields.ts";
import { generatedFile, withTable } from "./generatedFile.ts";

export const fieldFiles = [generatedFile("docs/cli.md", withFields)] as const;

function withFields(text: string): string {
  const cells = fieldNames.map((name) => {
    const { blob, column, diagnostics, title, session, meaning } = fieldOf(name);
    return [
      code(name),
      meaning,
      code(blob),
      column === null ? "" : code(column),
      diagnostics.map(code).join(", "),
      sqlType(name),
      title ?? "",
      session === undefined ? "" : code(session),
    ];
  });
  const head = ["fact", "meaning", "blob", "dedicated table", "`AzureDiagnostics`", "SQL", "heading", "session"];
  return withTable(text, "record facts", [head, ...cells]);
}

function code(text: string): string {
  return `\`${text}\``;
}
