/** Sessions as objects. */
import type { Session } from "../records/types.ts";
import type { Engine } from "../store/engine.ts";

const iso = (column: string): string => `strftime(make_timestamp_ms(${column}), '%Y-%m-%dT%H:%M:%S.%gZ')`;

/** A session in the form of `Session`. One text per session is passed on much faster than twenty values. */
const json = `to_json(struct_pack("tunnelId" := "tunnelId", "start" := ${iso("start")}, "end" := ${iso('"end"')},
  "durationSeconds" := "durationMs" / 1000, "state" := state, "vm" := vm, "vmName" := "vmName", "vmIp" := "vmIp",
  "protocol" := protocol, "clientIp" := "clientIp", "clientPort" := "clientPort", "person" := person, "account" := account,
  "userAgent" := "userAgent", "outcome" := outcome, "message" := message, "bastion" := bastion, "region" := region,
  "records" := records))`;

/** Yields the sessions in `folded`, sorted. The engine is closed after the last one, or when the caller stops early. */
export async function* showSessions(
  engine: Engine,
  isWanted: (clientIp: string | null) => boolean,
): AsyncGenerator<Session> {
  try {
    // Sorted before conversion to JSON, because JSON is much longer than the columns.
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
