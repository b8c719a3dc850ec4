import { sessionsKql } from "./sessionsKql.ts";

const facts = /^ *\/\/ <facts>\n([^]*?)^ *\/\/ <\/facts>\n/m;

/**
 * The rule for what a session is, as a part of a query that defines `Records` in front of it and asks `Sessions` behind it; without
 * comments.
 *
 * The rule is the file sessions.kql. A module has its text (tests compare the two), because core is imported by programs that are
 * compiled, bundled or loaded as CommonJS: none of these has to find a file.
 *
 * @param shown facts of a session that the query needs. Default: all.
 */
export function sessionsRule(shown?: readonly string[]): string {
  return sessionsKql
    .replace(facts, (_, lines: string) =>
      lines.replace(/^ *(\w+) = .*\n/gm, (line, name: string) => (shown?.includes(name) === false ? "" : line)),
    )
    .replace(/^ *\/\/.*\n/gm, "")
    .trimEnd();
}
