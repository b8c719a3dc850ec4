/**
 * A trail of any length, as in a large company: 60 VMs, 200 people, every verdict, and raw records of the usual size.
 */
import { createHash } from "node:crypto";
import type { TrailGrant, TrailRow, TrailRule, TrailRuleRow, Verdict } from "bastion-trail/audit/trail/types";
import type { PageInput, SessionWithRecords } from "bastion-trail/report/pageFile";

const from = Date.parse("2026-01-01T00:00:00.000Z");
const to = Date.parse("2026-04-01T00:00:00.000Z");
const vmCount = 60;
const people = 200;
/** One in 40 sessions is a finding. */
const verdictOf = (draw: number): Verdict =>
  draw < 0.9
    ? "granted"
    : draw < 0.955
      ? "unverified"
      : draw < 0.967
        ? "borrowed"
        : draw < 0.974
          ? "bypassed"
          : draw < 0.98
            ? "ungranted"
            : "unknown";

/** @param count number of sessions. */
export function syntheticTrail(count: number): PageInput & { readonly sessions: readonly SessionWithRecords[] } {
  const draw = randomNumbers();
  const sessions: SessionWithRecords[] = [];
  const grants: TrailGrant[] = [];
  const rules: TrailRuleRow[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = Math.floor(from + ((to - from) * (index + draw())) / count);
    const vm = Math.floor(draw() ** 2 * vmCount);
    const person = Math.floor(draw() ** 2 * people);
    sessions.push(sessionOf({ index, start, vm, person, draw, grants, rules }));
  }
  return {
    sessions,
    surroundings: () => ({
      about: {
        from: iso(from),
        to: iso(to),
        generatedAt: iso(to + 3_600_000),
        source: "the archive stbtaudit",
        version: "0.0.0",
      },
      grants,
      rules,
      unread: { lost: 0, aside: 0 },
      unreadable: [],
      coverage: {
        from: iso(from),
        to: iso(to),
        skewSeconds: 120,
        logs: {
          audit: { ...whole, recordsRead: count * 2 },
          activity: {
            ...whole,
            gaps: [{ from: iso(from + 20 * 86_400_000), to: iso(from + 21 * 86_400_000), subscription: null }],
          },
          flows: { state: "none", from: null, until: null, gaps: [], recordsRead: 0, lastRecord: null },
        },
      },
    }),
    ruleIds: () => rules.map((_, index) => String(index)),
    recordsOfRequest: ({ id }) => [{ place: "PT1H.json:1", text: JSON.stringify({ operationName: "initiate", id }) }],
    recordsOfRule: ({ name }) => [{ place: "PT1H.json:2", text: JSON.stringify({ operationName: "write", name }) }],
  };
}

const whole = {
  state: "read" as const,
  from: iso(from),
  until: iso(to - 7_200_000),
  gaps: [],
  recordsRead: 0,
  lastRecord: iso(to - 7_300_000),
};

interface Drawn {
  readonly index: number;
  readonly start: number;
  readonly vm: number;
  readonly person: number;
  readonly draw: () => number;
  readonly grants: TrailGrant[];
  readonly rules: TrailRuleRow[];
}

function sessionOf({ index, start, vm, person, draw, grants, rules }: Drawn): SessionWithRecords {
  const verdict = verdictOf(draw());
  const end = start + Math.floor(60_000 + draw() ** 3 * 5 * 3_600_000);
  const tunnelId = guid(index);
  const vmId = `/subscriptions/${guid(-1)}/resourceGroups/rg-access/providers/Microsoft.Compute/virtualMachines/vm-${vm}`;
  const user = `person.${person}@example.com`;
  const port = vm % 3 === 0 ? 3389 : 22;
  const hasRequest = verdict === "granted" || verdict === "unverified" || verdict === "borrowed";
  const rule: TrailRule = {
    name: hasRequest ? `MicrosoftDefenderForCloud-JITRule-${index % 5000}` : "AllowFromMyDesk",
    priority: hasRequest ? 100 : 300,
    author: hasRequest ? "Defender for Cloud" : user,
    sources: ["10.60.0.0/26"],
    ports: [String(port)],
  };
  // Five sessions share a request.
  if (hasRequest && (index % 5 === 0 || grants.length === 0)) {
    grants.push(grantOf({ index, start, vmId, vm, port, user }));
    rules.push(ruleRow(rule, vmId, start - 60_000, start + 10_800_000, true));
  }
  if (verdict === "bypassed") rules.push(ruleRow(rule, vmId, start - 600_000, end, false));
  const grant = grants.at(-1);
  const session: TrailRow = {
    id: createHash("sha256").update(tunnelId).digest("hex").slice(0, 16),
    tunnelId,
    start: iso(start),
    end: iso(end),
    durationSeconds: (end - start) / 1000,
    state: "closed",
    vm: vmId,
    vmName: `vm-${vm}`,
    vmIp: `10.60.16.${vm + 4}`,
    protocol: port === 22 ? "ssh" : "rdp",
    port,
    clientIp: `203.0.${person}.${Math.floor(draw() * 250)}`,
    person: verdict === "unverified" ? null : user,
    account: `user${person}`,
    outcome: "connected",
    verdict,
    because: `The session's time, VM and port give the verdict ${verdict}.`,
    flags: draw() < 0.05 ? ["outlived"] : [],
    link: hasRequest ? "correlation" : "none",
    request: hasRequest && grant !== undefined ? grant : null,
    rule: verdict === "ungranted" || verdict === "unknown" ? null : rule,
    candidates: [],
    bytes: null,
    accepted: null,
  };
  return {
    session,
    ruleId: session.rule === null ? null : String(rules.length - 1),
    records: recordsOf(session, index),
  };
}

function grantOf({
  index,
  start,
  vmId,
  vm,
  port,
  user,
}: {
  index: number;
  start: number;
  vmId: string;
  vm: number;
  port: number;
  user: string;
}): TrailGrant {
  return {
    id: createHash("sha256").update(`request ${index}`).digest("hex").slice(0, 16),
    by: user,
    at: iso(start - 120_000),
    from: iso(start - 60_000),
    until: iso(start + 10_800_000),
    askedUntil: iso(start + 10_800_000),
    endedBy: "expired",
    reason: `INC-${index} log rotation`,
    correlationId: guid(1_000_000 + index),
    vm: vmId,
    vmName: `vm-${vm}`,
    port,
    sources: ["10.60.0.0/26"],
    sessions: index % 50 === 0 ? 0 : 5,
  };
}

function ruleRow(rule: TrailRule, vm: string, begin: number, end: number, isRequested: boolean): TrailRuleRow {
  return {
    ...rule,
    kind: isRequested ? "requested" : "opened",
    group: vm.replace("Compute/virtualMachines", "Network/networkSecurityGroups"),
    destinations: ["10.60.16.4"],
    from: iso(begin),
    until: iso(end),
    correlationId: null,
    request: null,
    vms: [vm],
    sessions: 1,
  };
}

/** The two records of a session, in the form of the archive. */
function recordsOf(
  { tunnelId, start, end, vm, clientIp, person, account, protocol, vmIp }: TrailRow,
  index: number,
): SessionWithRecords["records"] {
  const record = (time: string | null, message: string): string =>
    JSON.stringify({
      time,
      resourceId: "/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG-ACCESS/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS-ACCESS",
      operationName: "Microsoft.Network/BastionHost/connect",
      category: "BastionAuditLogs",
      level: "Informational",
      location: "westeurope",
      properties: {
        userName: account,
        userAgent:
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        clientIpAddress: clientIp,
        clientPort: 1024 + (index % 60_000),
        protocol,
        targetResourceId: vm,
        subscriptionId: "0",
        message,
        resourceType: "VM",
        targetVMIPAddress: vmIp,
        userEmail: person,
        tunnelId,
        sessionStartTime: start,
        ...(message === "Successfully Connected." ? {} : { sessionEndTime: time, duration: index }),
      },
    });
  const place = `insights-logs-bastionauditlogs/y=2026/PT1H.json:${index}`;
  return [
    { place, text: record(start, "Successfully Connected.") },
    { place, text: record(end, "Successfully Disconnected") },
  ];
}

/** Numbers from 0 to 1, the same in every run (the linear congruential generator of Numerical Recipes). */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function guid(index: number): string {
  const hex = createHash("sha256").update(String(index)).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
