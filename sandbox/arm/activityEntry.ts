import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { randomUUID } from "node:crypto";
import { resourceGroupOf } from "./ids.ts";
import type { ActivityEvent } from "./activityEvent.ts";
import type { Caller, ServicePrincipal } from "./caller.ts";
import type { JsonObject } from "./json.ts";
import { statusText } from "./statusNames.ts";

/** The HTTP request behind an event, as the activity log shows it. */
export interface ActivityRequest {
  readonly clientRequestId: string;
  readonly method: string;
  /** Full URL. */
  readonly uri: string;
}

/** One event of the activity log. */
export interface ActivityEntry {
  readonly eventDataId: string;
  /** ISO 8601 UTC on the sandbox clock. */
  readonly eventTimestamp: string;
  readonly correlationId: string;
  readonly resourceId: string;
  /** The event as returned by `eventtypes/management/values` (activity-log-schema.md, "Administrative category"). */
  readonly wire: JsonObject;
}

const claimNames = {
  upn: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
  name: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
  objectId: "http://schemas.microsoft.com/identity/claims/objectidentifier",
  tenantId: "http://schemas.microsoft.com/identity/claims/tenantid",
} as const;

/** Builds the wire form of an event at the given time. */
export function makeEntry(
  event: ActivityEvent,
  at: Date,
  tenantId: string,
  request: ActivityRequest | undefined,
): ActivityEntry {
  const eventDataId = randomUUID();
  const eventTimestamp = at.toISOString();
  const subscriptionId = subscriptionOf(event.resourceId) ?? "";
  const [namespace, type] = splitOperation(event.operationName);
  const caller = callerName(event.caller);
  const statusCode = event.properties?.statusCode ?? "";
  const ipAddress = "ipAddress" in event.caller ? event.caller.ipAddress : undefined;
  const wire: JsonObject = {
    authorization: { action: event.operationName, scope: event.resourceId, ...roleOf(event.caller) },
    caller,
    claims: claimsOf(event.caller, tenantId),
    correlationId: event.correlationId,
    description: "",
    eventDataId,
    eventName: localizable(event.eventName, event.eventName === "BeginRequest" ? "Begin request" : "End request"),
    category: localizable("Administrative"),
    eventTimestamp,
    id: `${event.resourceId}/events/${eventDataId}/ticks/${ticks(at)}`,
    level: event.status === "Failed" ? "Error" : "Informational",
    operationId: event.correlationId,
    operationName: localizable(event.operationName),
    resourceGroupName: resourceGroupOf(event.resourceId) ?? "",
    resourceProviderName: localizable(namespace),
    resourceType: localizable(type),
    resourceId: event.resourceId,
    status: localizable(event.status),
    subStatus: localizable(statusCode, statusText(statusCode)),
    submissionTimestamp: eventTimestamp,
    subscriptionId,
    tenantId,
    properties: {
      ...event.properties,
      eventCategory: "Administrative",
      entity: event.resourceId,
      message: event.operationName,
      hierarchy: subscriptionId,
    },
    ...(request === undefined
      ? {}
      : {
          httpRequest: {
            clientRequestId: request.clientRequestId,
            method: request.method,
            uri: request.uri,
            ...(ipAddress === undefined ? {} : { clientIpAddress: ipAddress }),
          },
        }),
  };
  return { eventDataId, eventTimestamp, correlationId: event.correlationId, resourceId: event.resourceId, wire };
}

/** Returns `caller`: the user principal name, or the object id of an application (activity-log-schema.md). */
export function callerName(caller: Caller | ServicePrincipal): string {
  return "displayName" in caller ? caller.objectId : (caller.upn ?? caller.objectId);
}

function claimsOf(caller: Caller | ServicePrincipal, tenantId: string): JsonObject {
  const shared = { [claimNames.objectId]: caller.objectId, [claimNames.tenantId]: tenantId };
  if ("displayName" in caller)
    return { ...shared, appid: caller.appId, idtyp: "app", [claimNames.name]: caller.displayName };
  return {
    ...shared,
    ipaddr: caller.ipAddress,
    ...(caller.appId === undefined ? {} : { appid: caller.appId, idtyp: "app" }),
    ...(caller.upn === undefined ? {} : { [claimNames.upn]: caller.upn, [claimNames.name]: caller.upn, idtyp: "user" }),
  };
}

function roleOf(caller: Caller | ServicePrincipal): JsonObject {
  return "displayName" in caller ? {} : { role: "Owner" };
}

/** Splits `Microsoft.Network/bastionHosts/write` into its namespace and its type. */
function splitOperation(operationName: string): [string, string] {
  const segments = operationName.split("/");
  const end = segments.at(-1)?.toLowerCase() === "action" ? -2 : -1;
  return [segments[0] ?? "", segments.slice(0, end).join("/")];
}

function localizable(value: string, localizedValue = value): JsonObject {
  return { value, localizedValue };
}

/** Returns .NET ticks: units of 100 ns since the year 1. */
function ticks(at: Date): string {
  return String(BigInt(at.getTime()) * 10_000n + 621_355_968_000_000_000n);
}
