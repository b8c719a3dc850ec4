/** Sessions as objects. */
import type { Session } from "../records/types.ts";
import type { Engine } from "../store/engine.ts";

const iso = (column: string): string => `strftime(make_timestamp_ms(${column}), '%Y-%m-%dT%H:%M:%S.%gZ')`;

/** A session as `Session` has it. One text for each is handed over much faster than twenty values. */
const json = `to_json(struct_pack("tunnelId" := "tunnelId", "start" := ${iso("start")}, "end" := ${iso('"end"')},
  "durationSeconds" := "durationMs" / 1000, "state" := state, "vm" := vm, "vmName" := "vmName", "vmIp" := "vmIp",
  "protocol" := protocol, "clientIp" := "clientIp", "clientPort" := "clientPort", "person" := person, "account" := account,
  "userAgent" := "userAgent", "outcome" := outcome, "message" := message, "bastion" := bastion, "region" := region,
  "records" := records))`;

/** The sessions in `folded`, sorted. The engine is closed after the last one, and when the reader stops before it. */
export async function* showSessions(
  engine: Engine,
  isWanted: (clientIp: string | null) => boolean,
): AsyncGenerator<Session> {
  try {
    // Sorted before they become JSON, which is much longer than what it is made of.
    for await (const rows of engine.stream(`SELECT ${json} FROM (FROM folded ORDER BY start, "tunnelId", session)`)) {
      for (const [text] of rows) {
        const session = JSON.parse(String(text)) as Session;
        if (isWanted(session.clientIp)) yield session;
      }
    }
  } finally {
    engine.close();
  }
}
