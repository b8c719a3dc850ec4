import type { Session } from "../records/types.ts";
import type { Engine } from "./engine.ts";

/** The sessions that `showSessions` finds. The engine is closed after the last one, and when the reader stops before it. */
export async function* sessionsOf(
  engine: Engine,
  query: string,
  isWanted: (clientIp: string | null) => boolean,
): AsyncGenerator<Session> {
  let previous: unknown;
  try {
    for await (const rows of engine.stream(query)) {
      for (const [key, json] of rows) {
        // Records that say the same of one session stand one after the other.
        if (key !== previous) {
          const session = JSON.parse(String(json)) as Session;
          if (isWanted(session.clientIp)) {
            yield session;
          }
        }
        previous = key;
      }
    }
  } finally {
    engine.close();
  }
}
