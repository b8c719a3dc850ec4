import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { relations, type JoinedRow, type RelationRows } from "../../../../cli/audit/trail/relations.ts";
import { duckdbKqlEnvironment } from "../../../../sandbox/query/python.ts";
import { ensureEnvironment } from "../../../../sandbox/pythonEnvironment.ts";

/** @returns the interpreter that has it. @throws where it cannot be installed. */
export function kqlJudge(): string {
  return ensureEnvironment(duckdbKqlEnvironment);
}

type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;
type Rows = Readonly<Record<string, readonly object[]>>;

/** The rows of a query over each of some data sets. @param tables columns and their types, as KQL names them. */
export async function judged(
  python: string,
  query: string,
  sets: readonly (RelationRows | Rows)[],
  tables: Tables = relations,
): Promise<JoinedRow[][]> {
  const child = spawn(python, [join(import.meta.dirname, "kqlJudge.py")], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(JSON.stringify({ query, tables, sets }));
  const ended = once(child, "close");
  const [output, problem] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  if (child.exitCode !== 0) throw new Error(problem);
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JoinedRow[]);
}
