import { excessOf, excessWords, type Allowance } from "../../rules/excess.ts";
import { vmNameOf } from "../records/vmNameOf.ts";
import type { Group } from "./group.ts";
import { isByDefender, rulesFor } from "./links.ts";
import { meaningOf } from "./operations.ts";
import { originOf, type OriginFacts } from "./origin.ts";
import { acceptedVms, vmNameIn, type LoggedRequest } from "./requests.ts";
import { isOfGroup } from "./ruleBook.ts";
import { isRefused, statusOf } from "./status.ts";
import type { Activity, ActivityEvent, ActivityVm, WrittenRule } from "./types.ts";

/** Returns the activity of a JIT request, with the rules that Defender wrote for it. */
export function requestActivity(request: LoggedRequest, rules: readonly WrittenRule[]): Activity {
  return {
    ...commonOf(request.events),
    vms: vmsOf(request),
    acceptedVms: acceptedVms(request).map(({ id }) => id),
    reason: request.justification,
    resource: request.policy ?? request.events.map(({ resource }) => resource).find((id) => id !== null) ?? null,
    rules: rules.length === 0 ? null : [...new Map(rules.map((rule) => [rule.name, rule])).values()],
    ...notOfRules,
  };
}

const notOfRules = {
  repeated: [],
  removed: [],
  opens: null,
  beyond: null,
  origin: null,
  originBy: null,
  request: null,
};

/** What is known about a write of rules besides its own events. */
export interface WriteFacts extends OriginFacts {
  /** What the requests that were active at the time allow. */
  readonly allowances: () => readonly Allowance[];
}

/** Returns the activity of a write of rules, with the request it belongs to. */
export function ruleActivity(group: Group, facts: WriteFacts): Activity {
  const { change, link, allowances } = facts;
  const common = commonOf(group.events);
  const isJit = isByDefender(group);
  const resource = resourceOf(group.events);
  const isGroup = isOfGroup({ resource });
  const rules = isJit ? defendersOf(facts, isGroup) : change.written;
  const opening = (rules ?? []).filter(isOpening);
  const named = new Set(isJit ? opening.flatMap(({ description }) => vmNameIn(description) ?? []) : []);
  const opens = opensBy(common, { ...facts, change: { ...change, written: rules } });
  return {
    ...common,
    vms: link === undefined ? [...named].map((name) => ({ id: null, name, ports: [] })) : vmsOf(link.request),
    acceptedVms: [],
    reason: null,
    resource,
    rules,
    repeated: isJit && isGroup ? (change.written ?? []).filter((rule) => rules?.includes(rule) !== true) : [],
    removed: change.removed ?? [],
    opens,
    beyond: isJit || opens !== true ? null : beyond(opening, allowances()),
    ...originOf(group, facts),
    request:
      link === undefined
        ? null
        : {
            correlationId: link.request.correlationId,
            time: link.request.time,
            caller: link.request.caller,
            callerName: link.request.callerName,
            callerApp: link.request.callerApp,
            by: link.by,
          },
  };
}

/**
 * Returns Defender's own rules in one of its writes: the request's rules and Defender's denies. Defender writes whole groups
 * back, including rules that others have added to them. A request that extends another may need no other rule: then the
 * unchanged one is the request's.
 */
function defendersOf(
  { change: { written }, stated, link }: Pick<WriteFacts, "change" | "stated" | "link">,
  isGroup: boolean,
): readonly WrittenRule[] | null {
  if (written === null) return null;
  const own = isGroup ? written.filter(({ jitName }) => jitName) : written;
  const requested = link === undefined ? [] : rulesFor(link.request, own);
  const repeated =
    link === undefined || link.by === "rule"
      ? []
      : rulesFor(link.request, stated ?? []).filter((rule) => !requested.includes(rule));
  if (requested.length === 0) return [...own, ...repeated];
  if (!isGroup) return own;
  // Beside rules that are new for it, an unchanged one is the request's only if it names its VM.
  const named = repeated.filter(({ description }) => vmNameIn(description) !== null);
  return [...own.filter((rule) => !isOpening(rule) || requested.includes(rule)), ...named];
}

function beyond(opening: readonly WrittenRule[], allowances: readonly Allowance[]): readonly string[] {
  if (allowances.length === 0) return ["no request was active"];
  const excesses = opening.flatMap((rule) => excessOf(rule, allowances) ?? []);
  return [...new Set(excesses.flatMap(excessWords))];
}

/** Returns the activity of a write of a JIT policy. */
export function policyActivity({ events }: Group): Activity {
  return {
    ...commonOf(events),
    vms: [],
    acceptedVms: [],
    reason: null,
    resource: resourceOf(events),
    rules: null,
    ...notOfRules,
  };
}

/** Whether a rule lets anything in. */
export function isOpening({ access, direction }: WrittenRule): boolean {
  return access === "allow" && direction === "inbound";
}

/**
 * Returns whether a write lets anything in; null if that is unknown. Without a deny rule, Azure's default rules let in traffic
 * from the network, so a write that removes a deny may open something too. Azure never deletes a group that is in use, and a
 * rule that is deleted with its group opens nothing.
 */
function opensBy(
  { action, status }: Pick<Activity, "action" | "status">,
  { change: { written, removed }, link, isTeardown }: WriteFacts,
): boolean | null {
  if (isRefused(status)) return false;
  if (action === "delete" && (isTeardown || link?.by === "rule")) return false;
  if (written === null) return null;
  if (written.some(isOpening)) return true;
  return removed === null || removed.some(isDenying) || written.some(mayOpen) ? null : false;
}

/** Whether a rule may let something in: its access or its direction may be unknown. */
export function mayOpen({ access, direction }: WrittenRule): boolean {
  return access !== "deny" && direction !== "outbound";
}

function isDenying({ access, direction }: WrittenRule): boolean {
  return access !== "allow" && direction !== "outbound";
}

type Common = Omit<
  Activity,
  "vms" | "acceptedVms" | "reason" | "resource" | "rules" | "request" | keyof typeof notOfRules
>;

function commonOf(events: readonly ActivityEvent[]): Common {
  const [first] = events;
  if (first === undefined) {
    throw new RangeError("An activity has an event at least.");
  }
  const status = statusOf(events);
  const from = events.find(({ caller }) => caller !== null) ?? first;
  const own = events.filter(({ caller }) => caller === from.caller);
  const said = (fact: "callerName" | "callerApp" | "callerIp"): string | null =>
    own.map((event) => event[fact]).find((value) => value !== null) ?? null;
  return {
    time: first.time,
    lastTime: events.at(-1)?.time ?? first.time,
    ...meaningOf(first.operation),
    status,
    error: isRefused(status) ? (events.findLast(({ error }) => error !== null)?.error ?? null) : null,
    caller: from.caller,
    callerNames: namesIn(own),
    callerName: said("callerName"),
    callerApp: said("callerApp"),
    callerIp: said("callerIp"),
    correlationId: first.correlationId,
    operationIds: [...new Set(events.flatMap(({ operationId }) => operationId ?? []))].sort(),
    events: events.length,
  };
}

function namesIn(events: readonly ActivityEvent[]): string[] {
  const names = events.flatMap(({ caller, email, upn, objectId }) => [caller, email, upn, objectId]);
  return [...new Map(names.flatMap((name) => (name === null ? [] : [[name.toLowerCase(), name]]))).values()];
}

function resourceOf(events: readonly ActivityEvent[]): string | null {
  return events.map(({ resource }) => resource).find((id) => id !== null) ?? null;
}

function vmsOf({ vms, time }: LoggedRequest): ActivityVm[] {
  return vms.map(({ id, ports }) => ({
    id,
    name: vmNameOf(id),
    ports: ports.map(({ number, source, until }) => ({
      number,
      source,
      until,
      durationSeconds: until === null ? null : Math.round((Date.parse(until) - Date.parse(time)) / 1000),
    })),
  }));
}
