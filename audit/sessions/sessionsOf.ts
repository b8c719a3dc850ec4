import type { Outcome, Session, SessionState } from "../records/types.ts";
import type { Engine, SqlValue } from "./engine.ts";
import { shownColumns } from "./fold.sql.ts";

type Row = Readonly<Record<(typeof shownColumns)[number], SqlValue>>;

/** The sessions of a query for `shownColumns`. The engine is closed after the last one, and when the reader stops before it. */
export async function* sessionsOf(
  engine: Engine,
  query: string,
  isWanted: (clientIp: string | null) => boolean,
): AsyncGenerator<Session> {
  let previous: SqlValue | undefined;
  try {
    for await (const rows of engine.stream(query)) {
      for (const values of rows) {
        const row = Object.fromEntries(shownColumns.map((name, at) => [name, values[at] ?? null])) as Row;
        // Records that say the same stand one after the other.
        if (row.key !== previous && isWanted(textOf(row.clientIp))) {
          yield sessionOf(row);
        }
        previous = row.key;
      }
    }
  } finally {
    engine.close();
  }
}

function sessionOf(row: Row): Session {
  const start = Number(row.start);
  const end = numberOf(row.finish);
  const durationMs = numberOf(row.duration) ?? (end === null ? null : end - start);
  return {
    tunnelId: textOf(row.tunnel),
    start: new Date(start).toISOString(),
    end: end === null ? null : new Date(end).toISOString(),
    durationSeconds: durationMs === null ? null : durationMs / 1000,
    state: row.state as SessionState,
    vm: textOf(row.target),
    vmName: textOf(row.vm),
    vmIp: textOf(row.targetIp),
    protocol: textOf(row.protocol),
    clientIp: textOf(row.clientIp),
    clientPort: numberOf(row.clientPort),
    person: textOf(row.person),
    account: textOf(row.account),
    userAgent: textOf(row.userAgent),
    outcome: row.outcome as Outcome,
    message: textOf(row.message),
    bastion: textOf(row.bastion),
    region: textOf(row.region),
    records: Number(row.records),
  };
}

const textOf = (value: SqlValue): string | null => (typeof value === "string" ? value : null);
const numberOf = (value: SqlValue): number | null => (typeof value === "number" ? value : null);
