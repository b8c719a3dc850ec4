/** Sessions as objects. */
import type { Session, SessionFilter } from "../records/types.ts";
import type { Engine } from "../store/engine.ts";
import { sessionConditions, sessionRanges } from "./sessionRelation.ts";

const iso = (column: string): string => `strftime(make_timestamp_ms(${column}), '%Y-%m-%dT%H:%M:%S.%gZ')`;

/** A session as `Session` has it. One text for each is handed over much faster than twenty values. */
const json = `to_json(struct_pack("tunnelId" := "tunnelId", "start" := ${iso("start")}, "end" := ${iso('"end"')},
  "durationSeconds" := "durationMs" / 1000, "state" := state, "vm" := vm, "vmName" := "vmName", "vmIp" := "vmIp",
  "protocol" := protocol, "clientIp" := "clientIp", "clientPort" := "clientPort", "person" := person, "account" := account,
  "userAgent" := "userAgent", "outcome" := outcome, "message" := message, "bastion" := bastion, "region" := region,
  "records" := records))`;

/** Fills the table `shown` with the sessions of the relation `sessions` that the filter keeps. */
export async function collectSessions(engine: Engine, filter: SessionFilter): Promise<void> {
  await engine.run("CREATE OR REPLACE TEMP TABLE shown AS FROM sessions LIMIT 0");
  const { conditions, values } = sessionConditions(filter);
  for (const { first, last } of await sessionRanges(engine)) {
    const where = [`session BETWEEN ${first} AND ${last}`, ...conditions].join(" AND ");
    await engine.run(`INSERT INTO shown FROM sessions WHERE ${where}`, values);
  }
}

/** The sessions in `shown`, sorted. The engine is closed after the last one, and when the reader stops before it. */
export async function* showSessions(
  engine: Engine,
  isWanted: (clientIp: string | null) => boolean,
): AsyncGenerator<Session> {
  try {
    // Sorted before they become JSON, which is much longer than what it is made of.
    for await (const rows of engine.stream(`SELECT ${json} FROM (FROM shown ORDER BY start, "tunnelId", session)`)) {
      for (const [text] of rows) {
        const session = JSON.parse(String(text)) as Session;
        if (isWanted(session.clientIp)) yield session;
      }
    }
  } finally {
    engine.close();
  }
}
