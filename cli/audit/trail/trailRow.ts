/** Turns a row of the join into a row of the trail, with its request and its rule. */
import type { GrantLife } from "./grantLives.ts";
import { becauseOf } from "./because.ts";
import type { JoinedRow } from "./relations.ts";
import type { RuleLife } from "./ruleLives.ts";
import type { TrailFlag, TrailLink, TrailRequest, TrailRow, TrailRule, Verdict } from "./types.ts";

/** Everything that the ids in the join refer to. */
export interface Named {
  readonly grants: ReadonlyMap<string, GrantLife>;
  readonly rules: ReadonlyMap<string, RuleLife>;
}

export function trailRow(row: JoinedRow, { grants, rules }: Named): TrailRow {
  const grant = grants.get(row.GrantId);
  const life = rules.get(row.RuleId);
  const rule = life === undefined ? ruleOfFlow(row.RuleName) : ruleOf(life);
  const end = endOf(row);
  const facts = {
    verdict: row.Verdict as Verdict,
    link: row.Link as TrailLink,
    flags: flagsIn(row.Flags),
    request: grant === undefined ? null : requestOf(grant),
    rule,
  };
  return {
    id: row.Id,
    tunnelId: text(row.Tunnel),
    start: iso(row.Start),
    end: end === null ? null : iso(end),
    durationSeconds: end === null ? null : (end - row.Start) / 1000,
    state: end !== null && row.State !== "closed" ? "closed" : (row.State as TrailRow["state"]),
    vm: text(row.Vm),
    vmName: text(row.VmName),
    vmIp: text(row.VmIp),
    protocol: text(row.Protocol),
    port: row.Port === 0 ? null : row.Port,
    clientIp: text(row.ClientIp),
    person: text(row.Person),
    account: text(row.Account),
    outcome: row.Outcome as TrailRow["outcome"],
    ...facts,
    because: becauseOf({
      ...facts,
      hasVm: row.Vm !== "",
      hasStart: row.StartTold,
      isIncomplete: row.Incomplete,
      isLogged: !row.Unlogged,
      isDoubted: row.Doubted,
      isShut: row.Shut,
    }),
    candidates: [
      ...found(grants, candidateIds(row, "grant")).map((one) => ({ request: requestOf(one), rule: null })),
      ...candidateRules(row, rules).map((one) => ({ request: null, rule: ruleOf(one) })),
    ],
    bytes: row.Bytes === -1 ? null : row.Bytes,
    accepted: null,
  };
}

/**
 * Returns the end in the audit log, else in the flow log; null if neither has it. By clocks that differ, a connection can end
 * before its session starts: then its end says nothing.
 */
export function endOf({
  Start,
  Finish,
  FlowFinish,
}: Pick<JoinedRow, "Start" | "Finish" | "FlowFinish">): number | null {
  if (Finish > 0) return Finish;
  return FlowFinish > 0 && FlowFinish >= Start ? FlowFinish : null;
}

export function requestOf({ request, from, until, askedUntil, endedBy }: GrantLife): TrailRequest {
  return {
    id: request.id,
    by: request.by,
    at: request.at,
    from: iso(from),
    until: iso(until),
    askedUntil: iso(askedUntil),
    endedBy,
    reason: request.reason,
    correlationId: request.correlationId,
  };
}

export function ruleOf({ name, rule, author }: RuleLife): TrailRule {
  return { name, priority: rule?.priority ?? null, author, sources: rule?.sources ?? [], ports: rule?.ports ?? [] };
}

/** Returns a rule that only the flow log shows. */
function ruleOfFlow(name: string): TrailRule | null {
  return name === "" ? null : { name, priority: null, author: null, sources: [], ports: [] };
}

/** Returns the candidates of a row among the rules. */
export function candidateRules(row: JoinedRow, rules: Named["rules"]): RuleLife[] {
  return found(rules, candidateIds(row, "rule"));
}

/** Returns the ids of a row's candidates of one kind, sorted. */
function candidateIds({ Candidates }: JoinedRow, kind: "grant" | "rule"): string[] {
  return Candidates.split(" ")
    .filter((name) => name.startsWith(`${kind}:`))
    .map((name) => name.slice(kind.length + 1))
    .sort();
}

function found<Item>(items: ReadonlyMap<string, Item>, ids: readonly string[]): Item[] {
  return ids.flatMap((id) => items.get(id) ?? []);
}

function flagsIn(text: string): TrailFlag[] {
  return text === "" ? [] : (text.split(" ") as TrailFlag[]);
}

function text(value: string): string | null {
  return value === "" ? null : value;
}

export function iso(time: number): string {
  return new Date(time).toISOString();
}
