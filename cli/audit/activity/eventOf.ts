import { collect, instantOf, isObject, jsonObjectIn, objectIn, textOf } from "../records/values.ts";
import { askedOf, bodyOf, groupRulesOf, ruleOf } from "./bodies.ts";
import { callerIn } from "./eventCaller.ts";
import { allTexts, contentOf, firstText, membersOf, type Members } from "./eventMembers.ts";
import { accessOperation, friendlyOperation, meaningOf } from "./operations.ts";
import type { ActivityEvent, Asked, WrittenRule } from "./types.ts";

/** What a JSON value is: an event about access, one about something else, or none, and why. */
export type FoundEvent =
  | {
      readonly event: ActivityEvent;
      /** A sentence for each member that cannot be read, and that the event is read without. */
      readonly wrong: readonly string[];
    }
  | { readonly otherTime: string }
  | { readonly reason: string };

/**
 * Spellings of each fact, in lower case, best first: of the REST form, of the table `AzureActivity`, of the archive
 * (azure-monitor-docs, activity-log-schema.md). In the table, `OperationName` and `ActivityStatus` are words for people;
 * PowerShell's `Get-AzActivityLog` has the names of the REST form.
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
  callerIp: ["calleripaddress"],
} as const;

const statuses: Readonly<Record<string, string>> = {
  start: "started",
  accept: "accepted",
  success: "succeeded",
  failure: "failed",
  cancelled: "canceled",
};

/** Reads one event in any of its forms, whatever the case of its members' names, and whatever else is in it. */
export function eventOf(value: unknown): FoundEvent {
  if (!isObject(value)) {
    return { reason: "This is not a JSON object." };
  }
  const facts = membersOf(value);
  const text = (fact: keyof typeof spellings): string | null => firstText(facts, spellings[fact]);
  const names = allTexts(facts, spellings.operation);
  const written = text("time");
  if (names.length === 0) {
    return { reason: "This is not an event of the activity log: it has no operation." };
  }
  if (written === null) {
    return { reason: "The event has no time." };
  }
  const time = instantOf(written);
  if (time === null) {
    return { reason: `Its time is not an ISO 8601 date: ${written.slice(0, 40)}` };
  }
  const resource = text("resource");
  const action = textOf(membersOf(contentOf(facts.get("authorization") ?? facts.get("authorization_d"))).get("action"));
  const operation = operationOf(names, action, resource);
  if (operation === undefined) {
    return { otherTime: time };
  }

  const properties = propertiesOf(facts);
  const request = membersOf(contentOf(facts.get("httprequest")));
  const { caller, callerName, callerApp, ip } = callerIn(facts);
  const status = statusOf(text("status"), text("eventName"));
  return {
    event: {
      time,
      id: text("id"),
      correlationId: text("correlationId"),
      serviceRequestId: textOf(properties.get("servicerequestid")),
      operationId: text("operationId"),
      operation,
      status,
      error: status === "failed" || status === "canceled" ? errorOf(properties) : null,
      caller,
      callerName,
      callerApp,
      callerIp: text("callerIp") ?? textOf(request.get("clientipaddress")) ?? ip,
      resource,
      ...statedBy(operation, resource, properties),
    },
    wrong: objects.flatMap((names) => problemOf(facts, names)),
  };
}

/** Members that are objects, or JSON in a text; the second name is that of the table's newer column. */
const objects = [
  ["properties", "properties_d"],
  ["claims", "claims_d"],
] as const;

/** A workspace cuts long texts off, and PowerShell's Export-Csv writes the name of a type in the place of an object. */
function problemOf(facts: Members, names: readonly string[]): string[] {
  const given = names.map((name) => [name, facts.get(name)] as const).filter(([, value]) => textOf(value) !== null);
  const [[name, value] = []] = given;
  const isRead = given.some(([, one]) => isObject(one) || jsonObjectIn(one) !== undefined);
  return name === undefined || isRead
    ? []
    : [`Its '${name}' is not a JSON object: ${(textOf(value) ?? "").slice(0, 40)}`];
}

/** What an event states of the request's body or, where that is not in it, of the answer's. */
function statedBy(
  operation: string,
  resource: string | null,
  properties: Members,
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
  return { asked: null, rules: stated.find((found) => found !== undefined) ?? null };
}

/** By the operation's own name, by the permission that was used or, where both are empty, by the name for people. */
function operationOf(names: readonly string[], action: string | null, resource: string | null): string | undefined {
  const own = names.filter((name) => name.includes("/"));
  if (own.length > 0) return own.flatMap((name) => accessOperation(name) ?? [])[0];
  return action === null
    ? names.flatMap((name) => friendlyOperation(name, resource) ?? [])[0]
    : accessOperation(action);
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
  const own = membersOf(contentOf(facts.get("properties")));
  collect(own, contentOf(facts.get("properties_d")));
  collect(own, objectIn(own.get("eventproperties")));
  return own;
}
