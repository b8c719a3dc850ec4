import { collect, instantOf, isObject, objectIn, textOf } from "../records/values.ts";
import { askedOf, bodyOf, groupRulesOf, ruleOf } from "./bodies.ts";
import { isDefender } from "./defender.ts";
import { accessOperation, meaningOf } from "./operations.ts";
import type { ActivityEvent, Asked, WrittenRule } from "./types.ts";

/** What a JSON value is: an event about access, one about something else, or none, and why. */
export type FoundEvent =
  { readonly event: ActivityEvent } | { readonly otherTime: string } | { readonly reason: string };

/**
 * Spellings of each fact, in lower case, best first: of the REST form, of the table `AzureActivity`, of the archive
 * (azure-monitor-docs, activity-log-schema.md). In the table, `OperationName` and `ActivityStatus` are words for people.
 */
const spellings = {
  time: ["eventtimestamp", "time", "timegenerated"],
  operation: ["operationnamevalue", "operationname"],
  status: ["activitystatusvalue", "status", "resulttype", "activitystatus"],
  eventName: ["eventname"],
  id: ["eventdataid"],
  correlationId: ["correlationid"],
  operationId: ["operationid"],
  resource: ["resourceid", "_resourceid", "resourceuri"],
  caller: ["caller"],
  callerIp: ["calleripaddress"],
} as const;

const statuses: Readonly<Record<string, string>> = {
  start: "started",
  accept: "accepted",
  success: "succeeded",
  failure: "failed",
  cancelled: "canceled",
};

/** What a token says of whom it is for: claims by their short and their long names (Entra, "Access token claims"). */
const claims = {
  email: ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "email"],
  upn: ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "upn"],
  name: ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "name"],
  objectId: ["http://schemas.microsoft.com/identity/claims/objectidentifier", "oid"],
  app: ["appid", "azp"],
  ip: ["ipaddr"],
} as const;

type Members = Map<string, unknown>;

/** Reads one event in any of its three forms, whatever the case of its members' names, and whatever else is in it. */
export function eventOf(value: unknown): FoundEvent {
  if (!isObject(value)) {
    return { reason: "This is not a JSON object." };
  }
  const facts = membersOf(value);
  const text = (fact: keyof typeof spellings): string | null => firstText(facts, spellings[fact]);
  const name = text("operation");
  const written = text("time");
  if (name === null) {
    return { reason: "This is no event of the activity log: it has no operation." };
  }
  if (written === null) {
    return { reason: "The event has no time." };
  }
  const time = instantOf(written);
  if (time === null) {
    return { reason: `Its time is no date: ${written.slice(0, 40)}` };
  }
  const operation = accessOperation(name);
  if (operation === undefined) {
    return { otherTime: time };
  }

  const identity = membersOf(objectIn(facts.get("identity")));
  const token = membersOf(objectIn(facts.get("claims") ?? facts.get("claims_d") ?? identity.get("claims")));
  const claim = (fact: keyof typeof claims): string | null => firstText(token, claims[fact]);
  const properties = propertiesOf(facts);
  const request = membersOf(objectIn(facts.get("httprequest")));
  const caller = text("caller") ?? claim("email") ?? claim("upn") ?? claim("objectId") ?? claim("app");
  const callerName = claim("name");
  const callerApp = claim("app");
  const resource = text("resource");
  const status = statusOf(text("status"), text("eventName"));
  const isJit = isDefender({ caller, callerName, callerApp });
  return {
    event: {
      time,
      id: text("id"),
      correlationId: text("correlationId"),
      operationId: text("operationId"),
      operation,
      status,
      error: status === "failed" || status === "canceled" ? errorOf(properties) : null,
      caller,
      callerName: callerName === caller ? null : callerName,
      callerApp,
      callerIp: text("callerIp") ?? textOf(request.get("clientipaddress")) ?? claim("ip"),
      resource,
      ...statedBy(operation, resource, properties, isJit),
    },
  };
}

/** What an event states of the request's body or, where that is not in it, of the answer's. */
function statedBy(
  operation: string,
  resource: string | null,
  properties: Members,
  isJit: boolean,
): { asked: Asked | null; rules: readonly WrittenRule[] | null } {
  const { kind } = meaningOf(operation);
  const bodies = ["requestbody", "responsebody"].flatMap((member) => bodyOf(properties.get(member)) ?? []);
  if (kind === "request") {
    return { asked: bodies.map(askedOf).find((asked) => asked !== undefined) ?? null, rules: null };
  }
  if (kind !== "rule" || operation.endsWith("/delete")) {
    return { asked: null, rules: null };
  }
  const single = /\/securityRules\/([^/]+)$/i.exec(resource ?? "")?.[1] ?? null;
  const stated = bodies.map((body) => {
    const rule = single === null ? undefined : ruleOf(body, single);
    return rule === undefined ? groupRulesOf(body) : [rule];
  });
  const rules = stated.find((found) => found !== undefined) ?? null;
  // Defender writes a whole group back, of which only its own rules can be new.
  return { asked: null, rules: isJit && single === null ? (rules?.filter(({ jitName }) => jitName) ?? null) : rules };
}

function statusOf(word: string | null, eventName: string | null): string | null {
  const status = word?.toLowerCase();
  if (status !== undefined) {
    return statuses[status] ?? status;
  }
  return eventName?.toLowerCase() === "beginrequest" ? "started" : null;
}

/** The error that Azure answered, `{"error": {"code", "message"}}` as a text, or the text. */
function errorOf(properties: Members): string | null {
  const said = textOf(properties.get("statusmessage"));
  const outer = bodyOf(said ?? "");
  const inner = bodyOf(outer?.get("error")) ?? outer;
  const parts = [textOf(inner?.get("code")), textOf(inner?.get("message"))].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(": ") : said;
}

/** `properties`, and in some exports what is below it as `eventProperties`. */
function propertiesOf(facts: Members): Members {
  const own = membersOf(objectIn(facts.get("properties")));
  collect(own, objectIn(facts.get("properties_d")));
  collect(own, objectIn(own.get("eventproperties")));
  return own;
}

function membersOf(object: Readonly<Record<string, unknown>>): Members {
  const members: Members = new Map();
  collect(members, object);
  return members;
}

/** The first member that is a text, or an object with a `value` and a text for people beside it. */
function firstText(members: Members, names: readonly string[]): string | null {
  for (const name of names) {
    const member = members.get(name);
    const found = textOf(isObject(member) ? member.value : member);
    if (found !== null) {
      return found;
    }
  }
  return null;
}
