import { sessionsKql } from "./sessionsKql.ts";

const facts = /^ *\/\/ <facts>\n([^]*?)^ *\/\/ <\/facts>\n/m;

/**
 * Returns the definition of `Sessions`, without comments, as part of a query. The query must define `Records` before it
 * and can use `Sessions` after it.
 *
 * The definition is the file sessions.kql. A module contains its text (tests compare the two), because core is imported
 * by programs that are compiled, bundled or loaded as CommonJS, which need not find a file.
 *
 * @param shown facts of a session that the query needs. Defaults to all.
 */
export function sessionsRule(shown?: readonly string[]): string {
  return sessionsKql
    .replace(facts, (_, lines: string) =>
      lines.replace(/^ *(\w+) = .*\n/gm, (line, name: string) => (shown?.includes(name) === false ? "" : line)),
    )
    .replace(/^ *\/\/.*\n/gm, "")
    .trimEnd();
}
