/** Generates files from the tables of facts of audit records and of activity log events. */
import { readFileSync } from "node:fs";
import { eventField, eventFieldNames, eventObjects } from "../cli/audit/activity/eventFields.ts";
import { fieldNames, fieldOf, sessionFields, sqlType } from "../cli/audit/fields.ts";
import { generatedFile, withTable } from "./generatedFile.ts";

const rule = generatedFile("core/kql/sessions.kql", withFacts);

/** In the order of writing: the module contains the text of the rule. */
export const fieldFiles = [
  generatedFile("docs/cli.md", (text) => withEvents(withFields(text))),
  generatedFile("cli/audit/sessions/sessions.sql", withColumns),
  rule,
  generatedFile("core/kql/sessionsKql.ts", () => kqlModule("sessionsKql", readFileSync(rule.path, "utf8"))),
] as const;

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
    "an object, or its JSON as text",
    places.map(code).join(", "),
    code(column),
  ]);
  return withTable(text, "event facts", [
    ["fact", "meaning", "where, best first", "`AzureActivity`"],
    ...facts,
    ...objects,
  ]);
}

/** The facts that a session takes from its records. The rules themselves handle the message. */
const ownFacts = sessionFields.filter((name) => name !== "message");

function withFacts(kql: string): string {
  const facts = ownFacts.map(fieldOf);
  const absent = facts.flatMap(({ column, maybeAbsent }) =>
    maybeAbsent === true ? [`    | extend ${column} = column_ifexists("${column}", "")`] : [],
  );
  const values = facts.map(({ column, session = "", letters }) => {
    const value = letters === "lower" ? `tolower(${column})` : column;
    return `        ${session.charAt(0).toUpperCase()}${session.slice(1)} = max(${value}),`;
  });
  return withLines(withLines(kql, "absent", absent), "facts", values);
}

function withColumns(sql: string): string {
  const columns = ownFacts.map((name) => [quoted(name), quoted(fieldOf(name).session ?? name)] as const);
  const facts = columns.map(([fact, column]) => `      arg_min(${fact}, place) AS ${column},`);
  return withLines(
    withLines(sql, "facts", facts),
    "columns",
    columns.map(([, column]) => `  ${column},`),
  );
}

/** A column of SQL, in quotes where it has capital letters. */
function quoted(name: string): string {
  return /[A-Z]/.test(name) ? `"${name}"` : name;
}

/** Replaces the lines between the comments `<NAME>` and `</NAME>` of a query. */
function withLines(query: string, name: string, lines: readonly string[]): string {
  const place = new RegExp(`(?<=(?://|--) <${name}>\\n)[^]*?(?= *(?://|--) </${name}>)`);
  return query.replace(place, () => lines.map((line) => `${line}\n`).join(""));
}

/** A module that contains a file's text, so that importing it reads no file. */
function kqlModule(name: string, kql: string): string {
  const literal = kql.replace(/[\\`]|\$\{/g, "\\$&");
  return `/** The text of ${name.replace("Kql", ".kql")}, written by \`npm run fields\`. */\nexport const ${name} = \`${literal}\`;\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}
