import { ownerIdOf } from "../../ids.ts";
import { flagAt, numberAt, objectAt, objectsAt, type JsonObject } from "../../json.ts";
import type { PutContext } from "../../requestContext.ts";
import { badRequest, conflict } from "../../armError.ts";
import { resourceType } from "../../resourceType.ts";
import { onlyDefault } from "./requests.ts";

const type = "Microsoft.Storage/storageAccounts/blobServices";

/** `…/blobServices/default`: exists on each account from the start, and cannot be deleted. */
export default resourceType({
  type,
  model: "storage:BlobServiceProperties",
  sdk: "storage.BlobServiceProperties",
  scope: "child",
  name: onlyDefault("blob service"),
  location: "none",
  refine: {
    "ChangeFeed.retentionInDays": { min: 1, max: 146_000 },
    "CorsRule.maxAgeInSeconds": { min: 0 },
    "CorsRules.corsRules": { maxItems: 5 },
    "DeleteRetentionPolicy.days": { min: 1, max: 365 },
    "LastAccessTimeTrackingPolicy.trackingGranularityInDays": { min: 1, max: 1 },
    "RestorePolicyProperties.days": { min: 1, max: 365 },
  },
  put: "sync",
  createdStatus: 200,
  delete: "forbidden",
  check,
  complete: (context) => ({
    body: { ...context.body, properties: withDefaults(objectAt(context.body, "properties")) },
  }),
  impliedNames: () => ["default"],
  implied(id, reader) {
    const account = reader.get(ownerIdOf(id));
    return account === undefined ? undefined : { id, type, name: "default", body: { properties: withDefaults({}) } };
  },
});

function withDefaults(properties: JsonObject): JsonObject {
  return {
    cors: { corsRules: [] },
    deleteRetentionPolicy: { allowPermanentDelete: false, enabled: false },
    ...properties,
  };
}

function check({ body, store, parentId }: PutContext): void {
  for (const policy of ["deleteRetentionPolicy", "containerDeleteRetentionPolicy", "restorePolicy"]) {
    const enabled = flagAt(body, `properties.${policy}.enabled`) === true;
    if (enabled && numberAt(body, `properties.${policy}.days`) === undefined) {
      invalid(`${policy}.days is required when ${policy}.enabled is true`);
    }
  }
  if (flagAt(body, "properties.restorePolicy.enabled") === true) checkRestore(body);
  for (const rule of objectsAt(body, "properties.cors.corsRules")) {
    if (Array.isArray(rule.allowedOrigins) && rule.allowedOrigins.length === 0) {
      invalid("cors.corsRules[*].allowedOrigins must name at least one origin");
    }
  }
  const account = parentId === undefined ? undefined : store.get(parentId);
  const versioning = flagAt(body, "properties.isVersioningEnabled") === true;
  if (versioning && flagAt(account?.body, "properties.isHnsEnabled") === true) {
    throw conflict("FeatureNotSupportedForAccount", "Versioning is not supported for the account.");
  }
}

/**
 * Point-in-time restore requires soft delete, change feed and versioning (azure-docs, point-in-time-restore-overview).
 */
function checkRestore(body: JsonObject): void {
  const softDelete = flagAt(body, "properties.deleteRetentionPolicy.enabled") === true;
  const changeFeed = flagAt(body, "properties.changeFeed.enabled") === true;
  const versioning = flagAt(body, "properties.isVersioningEnabled") === true;
  if (!softDelete || !changeFeed || !versioning) {
    invalid("restorePolicy needs deleteRetentionPolicy, changeFeed and isVersioningEnabled to be enabled");
  }
  const restoreDays = numberAt(body, "properties.restorePolicy.days") ?? 0;
  if (restoreDays >= (numberAt(body, "properties.deleteRetentionPolicy.days") ?? 0)) {
    invalid("restorePolicy.days must be less than deleteRetentionPolicy.days");
  }
}

function invalid(reason: string): never {
  throw badRequest("InvalidRequestPropertyValue", `The blob service properties are invalid: ${reason}.`);
}
