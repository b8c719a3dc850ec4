/** Sessions as objects. */
import { sessionFactNames, type SessionFacts } from "../fields.ts";
import type { Session } from "../records/types.ts";
import type { Engine } from "../store/engine.ts";
import { jsonRow, objectOf } from "../store/jsonRows.ts";

const iso = (column: string): string => `strftime(make_timestamp_ms(${column}), '%Y-%m-%dT%H:%M:%S.%gZ')`;

/** The facts of a session that its records do not state themselves. */
type Derived = Exclude<keyof Session, keyof SessionFacts>;

/** The facts of a session as SQL expressions over the columns of `folded`, in the order in which they are shown. */
const placed: Readonly<Record<Derived, string> & Partial<Record<keyof SessionFacts, string>>> = {
  tunnelId: `"tunnelId"`,
  start: iso("start"),
  end: iso(`"end"`),
  durationSeconds: `"durationMs" / 1000`,
  state: "state",
  vm: "vm",
  vmName: `"vmName"`,
  vmIp: `"vmIp"`,
  protocol: "protocol",
  clientIp: `"clientIp"`,
  clientPort: `"clientPort"`,
  person: "person",
  account: "account",
  userAgent: `"userAgent"`,
  outcome: "outcome",
  message: "message",
  bastion: "bastion",
  region: "region",
  records: "records",
};
/** Also those that have no place among them. */
const facts: Readonly<Record<string, string>> = {
  ...placed,
  ...Object.fromEntries(sessionFactNames.map((name) => [name, `"${name}"`])),
};
const names = Object.keys(facts);

const json = jsonRow(Object.values(facts));

/** Yields the sessions in `folded`, sorted. The engine is closed after the last one, or when the caller stops early. */
export async function* showSessions(
  engine: Engine,
  isWanted: (clientIp: string | null) => boolean,
): AsyncGenerator<Session> {
  try {
    // Sorted before conversion to JSON, because JSON is much longer than the columns.
    for await (const texts of engine.texts(`SELECT ${json} FROM (FROM folded ORDER BY start, "tunnelId", session)`)) {
      for (const text of texts) {
        const session = objectOf(names, text) as unknown as Session;
        if (isWanted(session.clientIp)) yield session;
      }
    }
  } finally {
    engine.close();
  }
}
