import { objectAt, textAt, type JsonObject } from "../arm/json.ts";
import type { ResourceLogRecord } from "./logRecords.ts";

/**
 * Returns the record as a row of the shared table AzureDiagnostics, for a setting without the `Dedicated` destination:
 * one column per member of `properties`, with its type as suffix (azure-monitor-docs,
 * reference/tables/azurediagnostics.md).
 */
export function diagnosticsRow({ resourceId, category, blobRecord }: ResourceLogRecord): JsonObject {
  const [, subscriptionId = "", group = "", provider = "", type = "", name = ""] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)/i.exec(resourceId) ?? [];
  const properties = Object.entries(objectAt(blobRecord, "properties")).map(([key, value]) => [
    `${key}_${suffixOf(value)}`,
    typeof value === "object" ? JSON.stringify(value) : value,
  ]);
  return {
    TimeGenerated: textAt(blobRecord, "time") ?? "",
    ResourceId: resourceId.toUpperCase(),
    Category: category,
    ResourceGroup: group.toUpperCase(),
    SubscriptionId: subscriptionId,
    ResourceProvider: provider.toUpperCase(),
    Resource: name.toUpperCase(),
    ResourceType: type.toUpperCase(),
    OperationName: textAt(blobRecord, "operationName") ?? "",
    Level: textAt(blobRecord, "level") ?? "",
    ...(Object.fromEntries(properties) as JsonObject),
    SourceSystem: "Azure",
    Type: "AzureDiagnostics",
    _ResourceId: resourceId.toLowerCase(),
  };
}

function suffixOf(value: unknown): "s" | "d" | "b" {
  return typeof value === "number" ? "d" : typeof value === "boolean" ? "b" : "s";
}
