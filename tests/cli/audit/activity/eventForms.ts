import assert from "node:assert/strict";
import { eventOf } from "../../../../cli/audit/activity/eventOf.ts";
import type { ActivityEvent } from "../../../../cli/audit/activity/types.ts";
import { asked, correlationId, event, initiate, jitBody, policyId } from "./events.ts";

const upn = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
export const name = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
export const objectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
export const claims = { [upn]: "ada@example.com", [name]: "ada@example.com", appid: "cli-app", [objectId]: "oid-ada" };
export const properties = { requestbody: JSON.stringify(jitBody), eventCategory: "Administrative" };

/** As the REST API has it (azure-monitor-docs, activity-log-schema.md, "Administrative category"). */
export const rest = {
  authorization: { action: initiate, scope: policyId },
  caller: "ada@example.com",
  channels: "Operation",
  claims,
  correlationId,
  eventDataId: "e1",
  eventName: { value: "BeginRequest", localizedValue: "Begin request" },
  eventTimestamp: "2026-05-04T12:00:00.0001234Z",
  httpRequest: { clientRequestId: "r", clientIpAddress: "203.0.113.7", method: "POST" },
  operationId: "o1",
  operationName: { value: initiate, localizedValue: "Initiate JIT Network Access Policy" },
  resourceId: policyId,
  status: { value: "Started", localizedValue: "Started" },
  properties,
};

/** As a row of the table (azure-monitor-docs, reference/tables/azureactivity.md). */
export const row = {
  TimeGenerated: "2026-05-04T12:00:00.000Z",
  OperationNameValue: initiate.toUpperCase(),
  OperationName: "Initiate JIT Network Access Policy",
  ActivityStatusValue: "Start",
  ActivityStatus: "Started",
  Caller: "ada@example.com",
  CallerIpAddress: "203.0.113.7",
  CorrelationId: correlationId,
  OperationId: "o1",
  EventDataId: "e1",
  _ResourceId: policyId,
  Claims: JSON.stringify(claims),
  Properties: JSON.stringify(properties),
};

/** As a line of the archive ("Schema from storage account and event hubs"). */
export const blob = {
  time: "2026-05-04T12:00:00.0000000Z",
  resourceId: policyId,
  operationName: initiate.toUpperCase(),
  category: "Administrative",
  resultType: "Start",
  resultSignature: "Started.",
  callerIpAddress: "203.0.113.7",
  correlationId,
  identity: { authorization: { scope: policyId }, claims },
  properties,
};

export const expected = event(0, initiate, {
  id: "e1",
  status: "started",
  upn: "ada@example.com",
  objectId: "oid-ada",
  resource: policyId,
  asked,
});

export const noClaims = { callerApp: null, upn: null, objectId: null };

export function read(value: unknown): ActivityEvent {
  const found = eventOf(value);
  assert.ok("event" in found, JSON.stringify(found));
  return found.event;
}
