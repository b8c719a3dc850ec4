/** JSON for programs, with one array element per line. */
import type { JsonMember } from "./rows.ts";
import { visibleJson } from "@bastion-trail/core/rules/visible";

/** Yields one object with these members. Rows are streamed, so that their number is not limited by memory. */
export async function* jsonText(members: Readonly<Record<string, JsonMember>>): AsyncGenerator<string> {
  let before = "{";
  for (const [name, member] of Object.entries(members)) {
    yield `${before}\n  ${JSON.stringify(name)}: `;
    const value = typeof member === "function" ? member() : member;
    yield* isRows(value) ? arrayText(value) : [visibleJson(value ?? null)];
    before = ",";
  }
  yield "\n}\n";
}

/** Yields one line per row, as rows arrive. */
export async function* jsonLines(rows: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const row of rows) {
    yield `${visibleJson(row)}\n`;
  }
}

async function* arrayText(rows: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = "[";
  for await (const row of rows) {
    yield `${before}\n    ${visibleJson(row)}`;
    before = ",";
  }
  yield before === "[" ? "[]" : "\n  ]";
}

function isRows(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
