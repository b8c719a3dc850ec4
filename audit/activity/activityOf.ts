import type { Group } from "./group.ts";
import { isByDefender, statedBy, type Link } from "./links.ts";
import { meaningOf } from "./operations.ts";
import { nameOf, vmNameIn, type RequestFacts } from "./requests.ts";
import { statusOf } from "./status.ts";
import type { Activity, ActivityEvent, ActivityVm, WrittenRule } from "./types.ts";

/** A JIT request, with the rules that Defender wrote for it. */
export function requestActivity(request: RequestFacts, rules: readonly WrittenRule[]): Activity {
  return {
    ...commonOf(request.events),
    vms: vmsOf(request),
    reason: request.justification,
    resource: request.policy ?? request.events.map(({ resource }) => resource).find((id) => id !== null) ?? null,
    rules: rules.length === 0 ? null : [...new Map(rules.map((rule) => [rule.name, rule])).values()],
    opens: null,
    origin: null,
    request: null,
  };
}

/** A write of rules, with the request that it belongs to. */
export function ruleActivity(group: Group, link: Link | undefined): Activity {
  const common = commonOf(group.events);
  const rules = group.events.some((event) => event.rules !== null) ? statedBy(group) : null;
  const isJit = isByDefender(group);
  const opened = isJit ? (rules ?? []).filter(isOpening) : [];
  const named = new Set(opened.flatMap(({ description }) => vmNameIn(description) ?? []));
  return {
    ...common,
    vms: link === undefined ? [...named].map((name) => ({ id: null, name, ports: [] })) : vmsOf(link.request),
    reason: null,
    resource: resourceOf(group.events),
    rules,
    opens: opensBy(common, rules, link),
    origin: isJit ? "jit" : link?.by === "correlation" ? "unclear" : "hand",
    request:
      link === undefined
        ? null
        : {
            correlationId: link.request.correlationId,
            time: link.request.time,
            caller: link.request.caller,
            by: link.by,
          },
  };
}

/** A write of a JIT policy. */
export function policyActivity({ events }: Group): Activity {
  return {
    ...commonOf(events),
    vms: [],
    reason: null,
    resource: resourceOf(events),
    rules: null,
    opens: null,
    origin: null,
    request: null,
  };
}

/** Whether a rule lets anything in. */
export function isOpening({ access, direction }: WrittenRule): boolean {
  return access === "allow" && direction === "inbound";
}

/** Without a rule that denied it, Azure's default rules let traffic of the network in: so a deletion may open, too. */
function opensBy(
  { action, status }: Pick<Activity, "action" | "status">,
  rules: readonly WrittenRule[] | null,
  link: Link | undefined,
): boolean | null {
  if (status === "failed" || status === "canceled") return false;
  if (action === "delete") return link?.by === "rule" ? false : null;
  return rules === null ? null : rules.some(isOpening);
}

type Common = Omit<Activity, "vms" | "reason" | "resource" | "rules" | "opens" | "origin" | "request">;

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
  const isFailure = status === "failed" || status === "canceled";
  return {
    time: first.time,
    lastTime: events.at(-1)?.time ?? first.time,
    ...meaningOf(first.operation),
    status,
    error: isFailure ? (events.findLast(({ error }) => error !== null)?.error ?? null) : null,
    caller: from.caller,
    callerName: said("callerName"),
    callerApp: said("callerApp"),
    callerIp: said("callerIp"),
    correlationId: first.correlationId,
    operationIds: [...new Set(events.flatMap(({ operationId }) => operationId ?? []))].sort(),
    events: events.length,
  };
}

function resourceOf(events: readonly ActivityEvent[]): string | null {
  return events.map(({ resource }) => resource).find((id) => id !== null) ?? null;
}

function vmsOf({ vms, time }: RequestFacts): ActivityVm[] {
  return vms.map(({ id, ports }) => ({
    id,
    name: nameOf(id),
    ports: ports.map(({ number, source, until }) => ({
      number,
      source,
      until,
      durationSeconds: until === null ? null : Math.round((Date.parse(until) - Date.parse(time)) / 1000),
    })),
  }));
}
