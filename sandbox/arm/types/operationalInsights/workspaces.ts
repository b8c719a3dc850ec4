import { randomBytes, randomUUID } from "node:crypto";
import { defined, numberAt, objectAt, textAt, type JsonObject } from "../../json.ts";
import type { ActionContext, PutContext } from "../../requestContext.ts";
import type { ActionResult } from "../../typeRules.ts";
import { badRequest } from "../../armError.ts";
import { resourceType } from "../../resourceType.ts";

/** Interactive retention of each SKU, in days (azure-monitor-docs, logs/data-retention-configure.md). */
const retention: Readonly<Record<string, { readonly default: number; readonly allowed: (days: number) => boolean }>> = {
  free: { default: 7, allowed: (days) => days === 7 },
  standard: { default: 30, allowed: (days) => days === 30 },
  premium: { default: 365, allowed: (days) => days === 365 },
};
const payAsYouGo = { default: 30, allowed: (days: number) => days >= 30 && days <= 730 };

const commitmentTiers = [100, 200, 300, 400, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000];

/** Log Analytics workspaces. */
export default resourceType({
  type: "Microsoft.OperationalInsights/workspaces",
  model: "loganalytics:Workspace",
  sdk: "operationalinsights.Workspace",
  etag: true,
  scope: "resourceGroup",
  name: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    code: "InvalidResourceName",
    message: (name) =>
      `The workspace name '${name}' is invalid: it has 4 to 63 letters, digits and hyphens, and starts and ends with a ` +
      "letter or digit.",
  },
  location: "required",
  refine: { "WorkspaceSku.capacityReservationLevel": { min: 100 } },
  answers: { sharedKeys: "loganalytics:SharedKeys", regenerateSharedKey: "loganalytics:SharedKeys" },
  put: "async",
  delete: "sync",
  patch: { of: "body", completion: "sync" },
  check: checkSkuAndRetention,
  complete,
  actions: { sharedKeys, regenerateSharedKey },
  // Azure keeps a deleted workspace for 14 days; this sandbox keeps none.
  providerLists: { deletedworkspaces: () => [] },
});

function checkSkuAndRetention({ body }: PutContext): void {
  const sku = textAt(body, "properties.sku.name") ?? "PerGB2018";
  const days = numberAt(body, "properties.retentionInDays");
  const rule = retention[sku.toLowerCase()] ?? payAsYouGo;
  if (days !== undefined && !rule.allowed(days)) {
    throw badRequest("InvalidParameter", "'RetentionInDays' property doesn't match the SKU limits.");
  }
  const level = numberAt(body, "properties.sku.capacityReservationLevel");
  const reserved = sku.toLowerCase() === "capacityreservation";
  if (reserved !== (level !== undefined) || (level !== undefined && !commitmentTiers.includes(level))) {
    throw badRequest(
      "InvalidParameter",
      "'CapacityReservationLevel' property is required for, and only for, the sku 'CapacityReservation'. " +
        `Allowed values are ${commitmentTiers.join(", ")}.`,
    );
  }
}

function complete({ body, existing, clock }: PutContext): { body: JsonObject; secrets: JsonObject } {
  const before = objectAt(existing?.body, "properties");
  const asked = objectAt(body, "properties");
  const now = clock.now().toISOString();
  const sku = { name: "PerGB2018", ...objectAt(asked, "sku") };
  const rule = retention[sku.name.toLowerCase()] ?? payAsYouGo;
  const properties: JsonObject = {
    publicNetworkAccessForIngestion: "Enabled",
    publicNetworkAccessForQuery: "Enabled",
    ...asked,
    sku: { ...sku, lastSkuUpdate: textAt(before, "sku.lastSkuUpdate") ?? now },
    retentionInDays: numberAt(asked, "retentionInDays") ?? numberAt(before, "retentionInDays") ?? rule.default,
    features: {
      enableLogAccessUsingOnlyResourcePermissions: true,
      ...objectAt(asked, "features"),
    },
    workspaceCapping: {
      dailyQuotaGb: -1,
      quotaNextResetTime: nextMidnight(clock.now()),
      dataIngestionStatus: "RespectQuota",
      ...defined({ dailyQuotaGb: objectAt(asked, "workspaceCapping").dailyQuotaGb }),
    },
    customerId: textAt(before, "customerId") ?? randomUUID(),
    createdDate: textAt(before, "createdDate") ?? now,
    modifiedDate: now,
  };
  const secrets = existing?.secrets ?? { primarySharedKey: newKey(), secondarySharedKey: newKey() };
  return { body: { ...body, properties }, secrets };
}

function nextMidnight(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1)).toISOString();
}

function sharedKeys({ resource }: ActionContext): ActionResult {
  const key = (name: string): string => textAt(resource.secrets, name) ?? "";
  return {
    status: 200,
    body: { primarySharedKey: key("primarySharedKey"), secondarySharedKey: key("secondarySharedKey") },
  };
}

function regenerateSharedKey(context: ActionContext): ActionResult {
  const secrets = { primarySharedKey: newKey(), secondarySharedKey: newKey() };
  return sharedKeys({ ...context, resource: context.store.put({ ...context.resource, secrets }) });
}

function newKey(): string {
  return randomBytes(64).toString("base64");
}
