/** What is written from the tables of facts of audit records and of events of the activity log. */
import { eventField, eventFieldNames, eventObjects } from "../cli/audit/activity/eventFields.ts";
import { fieldNames, fieldOf, sqlType } from "../cli/audit/fields.ts";
import { generatedFile, withTable } from "./generatedFile.ts";

export const fieldFiles = [generatedFile("docs/cli.md", (text) => withEvents(withFields(text)))] as const;

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

function withEvents(text: string): string {
  const facts = eventFieldNames.map((name) => {
    const { meaning, places, column } = eventField(name);
    return [code(name), meaning, places.map(code).join(", "), column === undefined ? "" : code(column)];
  });
  const objects = Object.entries(eventObjects).map(([name, { places, column }]) => [
    code(name),
    "an object, or its JSON as a text",
    places.map(code).join(", "),
    code(column),
  ]);
  return withTable(text, "event facts", [["fact", "meaning", "where, best first", "asked of"], ...facts, ...objects]);
}

function code(text: string): string {
  return `\`${text}\``;
}
