import { openEngine, type Engine } from "../../../../cli/audit/store/engine.ts";
import { joinTrail } from "../../../../cli/audit/trail/joinTrail.ts";
import type { JoinedRow, RelationName, RelationRows, RowOf } from "../../../../cli/audit/trail/relations.ts";
import { forever } from "../../../../cli/time.ts";
import { createRelations, fillRelation, wholeSchema } from "../../../../cli/audit/trail/relationTables.ts";

export const skewMs = 120_000;

const noon = Date.UTC(2026, 4, 4, 12);
export const minute = 60_000;

/** So many minutes after noon, in milliseconds since 1970. */
export function at(minutes: number): number {
  return noon + minutes * minute;
}

export const web = "/subscriptions/s1/resourceGroups/app/providers/Microsoft.Compute/virtualMachines/web";
export const db = "/subscriptions/s1/resourceGroups/app/providers/Microsoft.Compute/virtualMachines/db";
export const hub = "/subscriptions/s1/resourceGroups/hub/providers/Microsoft.Network/bastionHosts/hub";
export const branch = "/subscriptions/s1/resourceGroups/branch/providers/Microsoft.Network/bastionHosts/branch";
export const webGroup =
  "/subscriptions/s1/resourcegroups/app/providers/microsoft.network/networksecuritygroups/web-nsg";

/** An IPv4 address as a number. */
export function ip(text: string): number {
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

const anywhere = { Lo: 0, Hi: 4_294_967_295 };

/** ada's session on web, 10 minutes after noon. */
export function session(facts: Partial<RowOf<"sessions">> = {}): RowOf<"sessions"> {
  return {
    Id: "s1",
    Tunnel: "t1",
    Start: at(10),
    StartTold: true,
    Finish: at(20),
    Seen: at(20),
    State: "closed",
    Vm: web,
    VmName: "web",
    VmIp: "10.60.1.4",
    Subscription: "s1",
    Protocol: "ssh",
    ClientIp: "203.0.113.7",
    Person: "ada@example.com",
    Account: "azureuser",
    Outcome: "connected",
    Bastion: hub,
    ...facts,
  };
}

/** ada's grant of web:22 from noon to one. */
export function grant(facts: Partial<RowOf<"grants">> = {}): RowOf<"grants"> {
  return {
    GrantId: "g1",
    RequestId: "r1",
    VmKey: web.toLowerCase(),
    VmIp: "10.60.1.4",
    Port: 22,
    People: "|ada@example.com|",
    From: at(0),
    Until: at(60),
    SourceLo: ip("10.60.0.0"),
    SourceHi: ip("10.60.0.63"),
    RuleTold: false,
    DoubtedFrom: forever,
    ...facts,
  };
}

/** Defender's rule for it. */
export function rule(facts: Partial<RowOf<"rules">> = {}): RowOf<"rules"> {
  return {
    RuleId: "u1",
    Name: "MicrosoftDefenderForCloud-JITRule-1-0123456789ABCDEF0123456789ABCDEF",
    Allows: true,
    Priority: 100,
    ByDefender: true,
    RequestId: "r1",
    Correlated: true,
    Known: true,
    Group: webGroup,
    Scope: `${webGroup}|10.60.1.4`,
    DestLo: ip("10.60.1.4"),
    DestHi: ip("10.60.1.4"),
    SourceLo: ip("10.60.0.0"),
    SourceHi: ip("10.60.0.63"),
    PortLo: 22,
    PortHi: 22,
    From: at(0),
    Until: at(60),
    ...facts,
  };
}

/** A rule that somebody made, from the Bastion subnet to everything behind the group. */
export function handMade(facts: Partial<RowOf<"rules">> = {}): RowOf<"rules"> {
  return rule({
    RuleId: "u9",
    Name: "OpenSsh",
    Priority: 200,
    ByDefender: false,
    RequestId: "",
    Correlated: false,
    Scope: `${webGroup}|*`,
    DestLo: anywhere.Lo,
    DestHi: anywhere.Hi,
    ...facts,
  });
}

/** The connection of the session. */
export function flow(facts: Partial<RowOf<"flows">> = {}): RowOf<"flows"> {
  return {
    FlowId: "f1",
    VmIp: "10.60.1.4",
    Port: 22,
    Source: ip("10.60.0.5"),
    Start: at(10),
    Finish: at(19),
    Rule: rule().Name,
    Refused: false,
    Bytes: 4711,
    Interval: 0,
    ...facts,
  };
}

/** A deployment with one VM and one host, and nothing that happened. */
export const quiet: RelationRows = {
  sessions: [],
  hosts: [
    { Bastion: hub, Lo: ip("10.60.0.0"), Hi: ip("10.60.0.63") },
    { Bastion: branch, Lo: ip("10.80.0.0"), Hi: ip("10.80.0.63") },
    { Bastion: "", Lo: ip("10.0.0.0"), Hi: ip("10.255.255.255") },
  ],
  grants: [],
  rules: [],
  placements: [{ VmKey: web.toLowerCase(), Group: webGroup }],
  flows: [],
  gaps: [],
  logged: [{ Subscription: "s1" }],
  jitVms: [{ VmKey: web.toLowerCase() }],
};

/** An engine with empty relations. */
export async function trailEngine(memoryLimitMb = 512): Promise<Engine> {
  const engine = await openEngine(memoryLimitMb);
  await createRelations(engine);
  return engine;
}

/** The join of these relations by a query, in an engine that is used again. */
export async function joinIn(engine: Engine, rows: RelationRows, query: string): Promise<JoinedRow[]> {
  for (const name of Object.keys(rows) as RelationName[]) {
    await engine.run(`DELETE FROM ${wholeSchema}.${name}`);
    await fillRelation(engine, name, rows[name] as never);
  }
  return Array.fromAsync(joinTrail(engine, skewMs, query));
}
