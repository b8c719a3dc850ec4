/** A trail with one session of each verdict, for the tests of the report. */
import type { TrailGrant, TrailRow, TrailRuleRow, Verdict } from "../../../cli/audit/trail/types.ts";
import { SessionWriter } from "../../../cli/report/sessionColumns.ts";
import type { PageInput, PageSurroundings, SessionWithRecords } from "../../../cli/report/pageFile.ts";
import { verdicts } from "../../../cli/audit/trail/types.ts";

const vm = (name: string): string =>
  `/subscriptions/0f3c/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${name}`;

export const grants: readonly TrailGrant[] = [
  {
    id: "req-granted",
    by: "ada@example.com",
    at: "2026-05-04T07:58:00.000Z",
    from: "2026-05-04T08:00:00.000Z",
    until: "2026-05-04T10:00:00.000Z",
    askedUntil: "2026-05-04T11:00:00.000Z",
    endedBy: "revoked",
    reason: "INC-1042 log rotation",
    correlationId: "7b1c0e0a-0000-4000-8000-000000000001",
    vm: vm("web"),
    vmName: "web",
    port: 22,
    sources: ["10.60.0.0/26"],
    sessions: 3,
  },
  {
    id: "req-unused",
    by: "eve@example.com",
    at: "2026-05-04T14:58:00.000Z",
    from: "2026-05-04T15:00:00.000Z",
    until: "2026-05-04T16:00:00.000Z",
    askedUntil: "2026-05-04T16:00:00.000Z",
    endedBy: "expired",
    reason: "never came",
    correlationId: null,
    vm: vm("db"),
    vmName: "db",
    port: 3389,
    sources: [],
    sessions: 0,
  },
];

export const rules: readonly TrailRuleRow[] = [
  {
    name: "MicrosoftDefenderForCloud-JITRule-1",
    priority: 100,
    author: "Defender for Cloud",
    sources: ["10.60.0.0/26"],
    ports: ["22"],
    kind: "requested",
    group: "web-nsg",
    destinations: ["10.60.1.4"],
    from: "2026-05-04T08:00:05.000Z",
    until: "2026-05-04T10:00:10.000Z",
    correlationId: null,
    request: "req-granted",
    vms: [vm("web")],
    sessions: 3,
  },
  {
    name: "AllowFromMyDesk",
    priority: 300,
    author: "mallory@example.com",
    sources: ["*"],
    ports: ["3389"],
    kind: "opened",
    group: "db-nsg",
    destinations: ["*"],
    from: "2026-05-04T11:00:00.000Z",
    until: null,
    correlationId: null,
    request: null,
    vms: [vm("db")],
    sessions: 1,
  },
];

const people: Readonly<Record<Verdict, string | null>> = {
  granted: "ada@example.com",
  unverified: null,
  borrowed: "bob@example.com",
  bypassed: "mallory@example.com",
  ungranted: "eve@example.com",
  unknown: "ada@example.com",
};

/** One row of each verdict, an hour apart. */
export const rows: readonly TrailRow[] = verdicts.map((verdict, index): TrailRow => {
  const isRequested = index < 3;
  const start = `2026-05-04T${String(8 + index).padStart(2, "0")}:05:00.000Z`;
  const isOpen = verdict === "unknown";
  const vmName = isRequested ? "web" : "db";
  const { id, by, at, from, until, askedUntil, endedBy, reason, correlationId } = grants[0]!;
  const { name, priority, author, sources, ports } = rules[isRequested ? 0 : 1]!;
  return {
    id: `a${index}00000000000000`,
    tunnelId: `2f1a7a4e-90b8-4c0f-a1f3-00000000000${index}`,
    start,
    end: isOpen ? null : start.replace(":05:", ":35:"),
    durationSeconds: isOpen ? null : 1800,
    state: isOpen ? "open" : "closed",
    vm: vm(vmName),
    vmName,
    vmIp: "10.60.1.4",
    protocol: isRequested ? "ssh" : "rdp",
    port: isRequested ? 22 : 3389,
    clientIp: `203.0.113.${index}`,
    person: people[verdict],
    account: "azureuser",
    outcome: "connected",
    verdict,
    because: `Because it is ${verdict}.`,
    flags: verdict === "borrowed" ? ["late", "outlived"] : [],
    link: verdict === "bypassed" ? "flow" : isRequested ? "correlation" : "none",
    request: isRequested ? { id, by, at, from, until, askedUntil, endedBy, reason, correlationId } : null,
    rule: isRequested || verdict === "bypassed" ? { name, priority, author, sources, ports } : null,
    candidates: [],
    bytes: verdict === "granted" ? 1_400_000 : null,
    accepted: null,
  };
});

export const surroundings: PageSurroundings = {
  about: {
    from: "2026-05-04T00:00:00.000Z",
    to: "2026-05-05T00:00:00.000Z",
    generatedAt: "2026-05-05T06:00:00.000Z",
    source: "the archive staudit",
    version: "1.2.3",
  },
  grants,
  rules,
  unread: { lost: 1, aside: 1 },
  unreadable: [
    { file: "PT1H.json", line: 12, reason: "The line is cut off." },
    { file: "notes.txt", line: null, reason: "This is not a log.", skipped: true },
  ],
  coverage: {
    from: "2026-05-04T00:00:00.000Z",
    to: "2026-05-05T00:00:00.000Z",
    skewSeconds: 120,
    logs: {
      audit: {
        state: "read",
        from: "2026-05-04T00:00:00.000Z",
        until: "2026-05-04T22:00:00.000Z",
        gaps: [],
        recordsRead: 11,
        lastRecord: "2026-05-04T13:35:00.000Z",
      },
      activity: {
        state: "read",
        from: "2026-05-04T00:00:00.000Z",
        until: "2026-05-05T00:00:00.000Z",
        gaps: [{ from: "2026-05-04T13:00:00.000Z", to: "2026-05-04T14:00:00.000Z", subscription: null }],
        recordsRead: 4,
        lastRecord: "2026-05-04T14:58:00.000Z",
      },
      flows: { state: "none", from: null, until: null, gaps: [], recordsRead: 0, lastRecord: null },
    },
  },
};

/** Ids of `rules`. */
export const ruleIds: readonly string[] = ["requested", "opened"];

/** The id of a session's rule. */
export function ruleIdOf({ rule }: TrailRow): string | null {
  return ruleIds[rules.findIndex(({ name }) => name === rule?.name)] ?? null;
}

/** Sessions as a page has them. */
export function columnsOf(sessions: readonly TrailRow[]): ReturnType<SessionWriter["written"]> {
  const writer = new SessionWriter();
  for (const session of sessions) writer.add(session, ruleIdOf(session));
  return writer.written(ruleIds);
}

/** Sessions without records. */
export function withoutRecords(sessions: readonly TrailRow[]): SessionWithRecords[] {
  return sessions.map((session) => ({ session, ruleId: ruleIdOf(session), records: [] }));
}

export const story: PageInput = {
  sessions: rows.map((session): SessionWithRecords => ({
    session,
    ruleId: ruleIdOf(session),
    records: [{ place: "PT1H.json:7", text: JSON.stringify({ tunnelId: session.tunnelId, message: "Connected" }) }],
  })),
  surroundings: () => surroundings,
  ruleIds: () => ruleIds,
  recordsOfRequest: ({ id }) => [{ place: null, text: JSON.stringify({ operationName: "initiate", id }) }],
  recordsOfRule: ({ name }) => [{ place: null, text: `write of ${name}` }],
};
