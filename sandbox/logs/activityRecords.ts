import type { ActivityEntry } from "../arm/activityEntry.ts";
import { objectAt, textAt, type JsonObject } from "../arm/json.ts";
import type { ActivityLogRecord, LogRouter } from "./logRecords.ts";

/** Names in the exported forms for the statuses of the REST form (azure-monitor-docs, activity-log-schema.md). */
const exportedStatus: Readonly<Record<string, string>> = {
  Started: "Start",
  Accepted: "Accept",
  Succeeded: "Success",
  Failed: "Failure",
};

/** Converts an event of the activity log to the forms of the storage archive and of the AzureActivity table. */
function activityRecord({ wire, resourceId, eventTimestamp, correlationId }: ActivityEntry): ActivityLogRecord {
  const category = textAt(wire, "category.value") ?? "Administrative";
  const operationName = (textAt(wire, "operationName.value") ?? "").toUpperCase();
  const status = textAt(wire, "status.value") ?? "";
  const resultType = exportedStatus[status] ?? status;
  const statusCode = textAt(wire, "subStatus.value") ?? "";
  const callerIpAddress = textAt(wire, "httpRequest.clientIpAddress") ?? "";
  const properties = objectAt(wire, "properties");
  const authorization = objectAt(wire, "authorization");
  const claims = objectAt(wire, "claims");
  const blobRecord: JsonObject = {
    time: eventTimestamp,
    resourceId: resourceId.toUpperCase(),
    operationName,
    category,
    resultType,
    resultSignature: `${status}.${statusCode}`,
    durationMs: 0,
    callerIpAddress,
    correlationId,
    identity: { authorization, claims },
    level: "Information",
    location: "global",
    properties,
  };
  const row: JsonObject = {
    TimeGenerated: eventTimestamp,
    EventSubmissionTimestamp: textAt(wire, "submissionTimestamp") ?? eventTimestamp,
    OperationNameValue: operationName,
    ActivityStatusValue: resultType,
    ActivitySubstatusValue: statusCode,
    CategoryValue: category,
    Level: "Information",
    Caller: textAt(wire, "caller") ?? "",
    CallerIpAddress: callerIpAddress,
    CorrelationId: correlationId,
    OperationId: textAt(wire, "operationId") ?? correlationId,
    EventDataId: textAt(wire, "eventDataId") ?? "",
    Authorization: JSON.stringify(authorization),
    Authorization_d: authorization,
    Claims: JSON.stringify(claims),
    Claims_d: claims,
    HTTPRequest: JSON.stringify(objectAt(wire, "httpRequest")),
    Properties: JSON.stringify(properties),
    Properties_d: properties,
    Hierarchy: textAt(wire, "subscriptionId") ?? "",
    ResourceGroup: textAt(wire, "resourceGroupName") ?? "",
    ResourceProviderValue: (textAt(wire, "resourceProviderName.value") ?? "").toUpperCase(),
    SubscriptionId: textAt(wire, "subscriptionId") ?? "",
    SourceSystem: "Azure",
    Type: "AzureActivity",
    _ResourceId: resourceId.toLowerCase(),
  };
  return { category, blobRecord, row };
}

/** Forwards every event of the activity log. @returns a function that stops forwarding. */
export function forwardActivity(
  activityLog: { onEvent(listener: (entry: ActivityEntry) => void): () => void },
  router: LogRouter,
  onError: (error: unknown) => void,
): () => void {
  return activityLog.onEvent((entry) => {
    router.sendActivity(activityRecord(entry)).catch(onError);
  });
}
