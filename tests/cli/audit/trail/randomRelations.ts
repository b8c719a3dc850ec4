import fc from "fast-check";
import { forever } from "../../../../cli/time.ts";
import type { RelationRows, RowOf } from "../../../../cli/audit/trail/relations.ts";
import { at, branch, db, flow, grant, hub, ip, quiet, rule, session, web, webGroup } from "./relationRows.ts";

/* Values come from few, so that thousands of rows meet in every way: many of them fit, nearly fit, or fit several times. */

const vms = [web, db, web.toUpperCase(), ""];
const addresses = ["10.60.1.4", "10.60.1.5", ""];
const people = [
  "ada@example.com",
  "Bob@example.com",
  "eve@example.com",
  "Ada_example.com#EXT#@t.onmicrosoft.com",
  "live.com#ada@example.com",
  "",
];
const requests = ["r1", "r2", "r3", "r4", "r5"];
const ruleNames = ["JIT-1", "JIT-2", "OpenSsh", "openssh", "AllowAll"];
const scopes = [`${webGroup}|10.60.1.4`, `${webGroup}|*`, "subnet|*", "s1|*", "s1|10.60.1.5", "s2|*"];
const sources: readonly (readonly [string, string])[] = [
  ["10.60.0.0", "10.60.0.63"],
  ["10.80.0.0", "10.80.0.63"],
  ["0.0.0.0", "255.255.255.255"],
  ["10.60.0.0", "10.60.0.31"],
  ["10.60.0.32", "10.60.0.63"],
  ["203.0.113.7", "203.0.113.7"],
];

const of = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
/** Within four days, on whole minutes. */
const moment = fc.integer({ min: -2880, max: 2880 }).map(at);
const length = of(0, 1, 2, 5, 30, 60, 600, 1440).map((minutes) => minutes * 60_000);
const source = of(...sources).map(([lo, hi]) => ({ SourceLo: ip(lo), SourceHi: ip(hi) }));
const numbered = (letter: string, count: number) =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: count * 2 }), { minLength: count, maxLength: count, size: "max" })
    .map((numbers) => numbers.map((number) => `${letter}${number}`));

const sessionFacts = fc.record({
  Start: moment,
  StartTold: of(true, true, true, false),
  length,
  Vm: of(...vms),
  VmIp: of(...addresses),
  Protocol: of("ssh", "RDP", ""),
  Person: of(...people),
  Outcome: of("connected", "failed", "unknown"),
  Subscription: of("s1", "s1", "S1", "s2", ""),
  Bastion: of(hub, branch, hub.toUpperCase(), "/new", ""),
});

const grantFacts = fc.record({
  RequestId: of(...requests),
  VmKey: of(web.toLowerCase(), db.toLowerCase(), "ip:10.60.1.4"),
  VmIp: of(...addresses),
  Port: of(22, 3389, 2222),
  People: of("", "|ada@example.com|", "|bob@example.com|", "|eve@example.com||eve@other.example|"),
  RuleTold: fc.boolean(),
  DoubtedFrom: fc.oneof(fc.constant(forever), moment),
  From: moment,
  length,
  source,
});

const ruleFacts = fc.record({
  Name: of(...ruleNames),
  Allows: of(true, true, true, false),
  Priority: of(0, 100, 101, 200),
  ByDefender: fc.boolean(),
  RequestId: of(...requests, ""),
  Correlated: fc.boolean(),
  Known: of(true, true, false),
  Scope: of(...scopes),
  destination: of(["10.60.1.4", "10.60.1.4"], ["10.60.1.5", "10.60.1.5"], ["0.0.0.0", "255.255.255.255"]),
  ports: of([22, 22], [3389, 3389], [0, 65_535], [2222, 2222]),
  From: moment,
  length,
  source,
});

const flowFacts = fc.record({
  VmIp: of("10.60.1.4", "10.60.1.5"),
  Port: of(22, 3389, 2222),
  Source: of(ip("10.60.0.5"), ip("10.80.0.5"), -1),
  Start: moment,
  length,
  Rule: of(...ruleNames, "", "Unknown", "SecurityCenter-JITRule-1"),
  Refused: of(false, false, true),
  Interval: of(0, 600_000),
});

const listOf = <Value>(value: fc.Arbitrary<Value>, count: number) =>
  fc.array(value, { minLength: count, maxLength: count, size: "max" });

/** So many sessions, and a data set for them. */
export function randomRelations(count: number): fc.Arbitrary<RelationRows> {
  return fc
    .record({
      ids: numbered("s", count),
      sessions: listOf(sessionFacts, count),
      grants: listOf(grantFacts, Math.ceil(count / 4)),
      rules: listOf(ruleFacts, Math.ceil(count / 4)),
      flows: listOf(flowFacts, count),
      logged: of([], ["s1"], ["S2"], ["s1", "s2"]),
      gaps: listOf(fc.record({ From: moment, length, Subscription: of("", "s1", "S2"), Tail: fc.boolean() }), 3),
    })
    .map(({ ids, sessions, grants, rules, flows, logged, gaps }) => ({
      sessions: sessions.map(({ length: lasted, ...facts }, index) =>
        session({ ...facts, Id: ids[index]!, Finish: facts.Start + lasted, Seen: facts.Start + lasted }),
      ),
      hosts: quiet.hosts.flatMap(({ Bastion, Lo, Hi }) => {
        // Sources of rules begin or end in the middle.
        const starts = Bastion === branch ? [Lo] : [Lo, Lo + Math.ceil((Hi - Lo) / 2)];
        return starts.map((start, index) => ({ Bastion, Lo: start, Hi: (starts[index + 1] ?? Hi + 1) - 1 }));
      }),
      grants: grants.map(({ length: lasted, source: range, ...facts }, index) =>
        grant({ ...facts, ...range, GrantId: `g${index}`, Until: facts.From + lasted }),
      ),
      rules: rules.map(
        (
          { length: lasted, source: range, destination: [lo, hi], ports: [PortLo, PortHi], ...facts },
          index,
        ): RowOf<"rules"> =>
          rule({
            ...facts,
            ...range,
            ...{ RuleId: `u${index}`, Group: facts.Scope.split("|")[0]!, DestLo: ip(lo!), DestHi: ip(hi!) },
            ...{ PortLo: PortLo!, PortHi: PortHi!, Until: facts.From + lasted },
          }),
      ),
      placements: [...quiet.placements, { VmKey: web.toLowerCase(), Group: "subnet" }],
      flows: flows.map(({ length: lasted, ...facts }, index) =>
        flow({ ...facts, FlowId: `f${index}`, Finish: facts.Start + lasted, Bytes: index }),
      ),
      gaps: gaps.map(({ length: lasted, ...facts }) => ({ ...facts, Until: facts.From + lasted })),
      logged: logged.map((Subscription) => ({ Subscription })),
      jitVms: quiet.jitVms,
    }));
}
