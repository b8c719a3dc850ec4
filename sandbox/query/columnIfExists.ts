import { tokensOf, type Token } from "./tokens.ts";
import type { TableSchema } from "./workspaceTables.ts";

const names = ["column_ifexists", "columnifexists"];

/**
 * Resolves `column_ifexists(name, otherwise)`, which Kusto does before it runs a query and which chDB's dialect does
 * not support. A call is replaced by the column, or by the second argument if neither a table in the query nor an
 * earlier operator has the column.
 *
 * Kusto considers the columns at that point of the query, this function all columns up to that point. If an operator
 * before the call removed the column, the engine therefore refuses the query.
 */
export function resolveColumnIfExists(kql: string, tables: Readonly<Record<string, TableSchema>>): string {
  const tokens = tokensOf(kql);
  const columns = new Set(
    tokens.flatMap(({ kind, text }) =>
      kind === "name" && Object.hasOwn(tables, text) ? Object.keys(tables[text] ?? {}) : [],
    ),
  );
  return textOf(resolve(tokens, columns));
}

function resolve(tokens: readonly Token[], columns: ReadonlySet<string>): Token[] {
  const result: Token[] = [];
  const known = new Set(columns);
  let made: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.text === "|" || token?.text === ";") {
      made.forEach((name) => known.add(name));
      made = [];
    } else if (token?.kind === "name" && /^\s*=(?![=~])/.test(textOf(tokens.slice(at + 1, at + 4)))) {
      made.push(token.text);
    }
    const call = token?.kind === "name" && names.includes(token.text) ? argumentsAt(tokens, at + 1) : undefined;
    if (call === undefined) {
      if (token !== undefined) result.push(token);
      continue;
    }
    const [first, ...second] = call.parts;
    const column = /^["']([A-Za-z_]\w*)["']$/.exec(textOf(first ?? []).trim())?.[1];
    if (column === undefined || second.length !== 1) {
      result.push(...tokens.slice(at, call.end));
    } else if (known.has(column)) {
      result.push({ kind: "name", text: column });
    } else {
      result.push(open, ...resolve(second.flat(), known), close);
    }
    at = call.end - 1;
  }
  return result;
}

const open: Token = { kind: "other", text: "(" };
const close: Token = { kind: "other", text: ")" };

/**
 * Returns the arguments of a call whose opening parenthesis is the next token other than space; `end` is after the
 * closing one.
 */
function argumentsAt(tokens: readonly Token[], start: number): { parts: Token[][]; end: number } | undefined {
  let at = start;
  while (tokens[at]?.kind === "space") at += 1;
  if (tokens[at]?.text !== "(") return undefined;
  const parts: Token[][] = [[]];
  for (let depth = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const { kind, text } = token;
    if (kind === "other" && "([{".includes(text)) depth += 1;
    if (kind === "other" && ")]}".includes(text)) depth -= 1;
    if (depth === 0) return { parts, end: at + 1 };
    if (depth === 1 && text === ",") parts.push([]);
    else if (depth > 1 || text !== "(" || (parts.at(-1)?.length ?? 0) > 0) parts.at(-1)?.push(token);
  }
  return undefined;
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join("");
}
