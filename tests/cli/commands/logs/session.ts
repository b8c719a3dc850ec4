import { noFacts } from "../../audit/auditLines.ts";
import type { LogResult, Session, Unreadable } from "../../../../cli/audit/records/types.ts";

/** A session with what counts given. */
export function session(facts: Partial<Session>): Session {
  return {
    ...noFacts,
    tunnelId: "t1",
    start: "2026-05-04T10:00:00.000Z",
    end: null,
    durationSeconds: null,
    state: "open",
    vmName: null,
    protocol: "ssh",
    clientIp: "203.0.113.7",
    person: "ada@example.com",
    account: "azureuser",
    outcome: "connected",
    message: "Successfully Connected.",
    records: 1,
    ...facts,
  };
}

export function logResult(sessions: readonly Session[], unreadable: readonly Unreadable[] = []): LogResult {
  return {
    sessions: (async function* () {
      for (const one of sessions) yield await Promise.resolve(one);
    })(),
    unreadable,
    unread: { lost: unreadable.length, aside: 0 },
    lostIn: [...new Set(unreadable.map(({ file }) => file))],
    otherPeople: [],
    coverage: {
      from: null,
      to: null,
      lastRecord: null,
      hoursRead: 1,
      recordsRead: sessions.length,
      duplicates: 0,
      receivedUntil: null,
      otherLogs: {},
    },
  };
}
