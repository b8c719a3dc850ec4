import { regionName } from "@bastion-trail/core/rules/region";
import { flagAt, numberAt, objectAt, objectsAt, textAt, type JsonObject } from "../../json.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { ArmError, conflict, refuse } from "../../armError.ts";
import { resourceNotFound } from "../../errors.ts";
import { isSubscription, sameId, scopeOf } from "../../ids.ts";
import { resourceType } from "../../resourceType.ts";
import { categoriesOf, requireCategories } from "./categories.ts";

const diagnosticSettingType = "Microsoft.Insights/diagnosticSettings";

/** Destinations of a setting, with their resource types. */
const sinks = {
  workspaceId: "Microsoft.OperationalInsights/workspaces",
  storageAccountId: "Microsoft.Storage/storageAccounts",
} as const;
type Sink = keyof typeof sinks;

/** `Microsoft.Insights/diagnosticSettings`, on any resource and on the subscription (Azure Monitor, diagnostic-settings.md). */
export default resourceType({
  type: diagnosticSettingType,
  model: "monitor:DiagnosticSettingsResource",
  sdk: "monitor.DiagnosticSetting",
  scope: "extension",
  name: {
    pattern: /^(?!.*[<>*%&:\\?+/#]).{1,260}(?<! )$/,
    code: "BadRequest",
    message: (name) =>
      `The diagnostic setting name '${name}' is invalid: it has at most 260 characters and none of <>*%&:\\?+/#.`,
  },
  location: "none",
  refine: {
    // Sent by the Azure CLI in a subscription's setting, in 2017-05-01-preview.
    "DiagnosticSettingsResource.location": { ignored: true },
    "DiagnosticSettingsResource.properties.logAnalyticsDestinationType": { oneOf: ["Dedicated", "AzureDiagnostics"] },
  },
  put: "sync",
  createdStatus: 200,
  delete: "sync",
  outlivesParent: true,
  listed(scope) {
    requireCategories(scope);
    return ({ id }) => sameId(scopeOf(id), scope);
  },
  check,
  complete: (context) => ({ body: { properties: shown(context) } }),
});

/** Returns the settings of a scope: a resource id, or `/subscriptions/{id}`. */
export function settingsOf(store: ResourceReader, scope: string): Resource[] {
  return store.ofType(diagnosticSettingType).filter((setting) => sameId(scopeOf(setting.id), scope));
}

function check(context: PutContext): void {
  const { store, id, body } = context;
  const scope = scopeOf(id);
  requireCategories(scope);
  const resource = store.get(scope);
  if (resource === undefined && !isSubscription(scope)) {
    throw new ArmError(404, "ResourceNotFound", `The Resource '${scope}' was not found.`);
  }
  checkCategories(body, resource);
  checkRetention(body);
  checkSinks(context, resource);
  const others = settingsOf(store, scope).filter((other) => !sameId(other.id, id));
  checkReuse(body, others);
  if (others.length >= 5) {
    throw conflict(
      "Conflict",
      "The limit of 5 diagnostic settings was reached. To create new diagnostic setting, delete an existing one.",
    );
  }
}

function checkCategories(body: JsonObject, resource: Resource | undefined): void {
  const known = categoriesOf(resource);
  const logs = objectsAt(body, "properties.logs");
  for (const log of logs) {
    const [category, group] = [textAt(log, "category"), textAt(log, "categoryGroup")];
    if ((category === undefined) === (group === undefined)) {
      refuse("Each log must have either a category or a categoryGroup.");
    }
    if (category !== undefined && !known.logs.includes(category)) refuse(`Category '${category}' is not supported.`);
    if (group !== undefined && !known.groups.includes(group)) refuse(`Category group '${group}' is not supported.`);
  }
  if (
    logs.some((log) => "category" in log && flagAt(log, "enabled") === true) &&
    logs.some((log) => "categoryGroup" in log && flagAt(log, "enabled") === true)
  ) {
    refuse("Categories and category groups cannot be enabled in the same diagnostic setting.");
  }
  for (const metric of objectsAt(body, "properties.metrics")) {
    const category = textAt(metric, "category") ?? "";
    if (!known.metrics.includes(category)) refuse(`Metric category '${category}' is not supported.`);
  }
}

/**
 * Retired: no new rules are accepted, and none have worked since 2025-09-30 (Azure Monitor,
 * migrate-to-azure-storage-lifecycle-policy.md).
 */
function checkRetention(body: JsonObject): void {
  const parts = [...objectsAt(body, "properties.logs"), ...objectsAt(body, "properties.metrics")];
  if (
    parts.some(
      (part) => flagAt(part, "retentionPolicy.enabled") === true || (numberAt(part, "retentionPolicy.days") ?? 0) > 0,
    )
  ) {
    refuse("Diagnostic settings does not support retention for new diagnostic settings.");
  }
}

function checkSinks({ body, store }: PutContext, resource: Resource | undefined): void {
  for (const other of ["serviceBusRuleId", "eventHubAuthorizationRuleId", "marketplacePartnerId"]) {
    const id = textAt(body, `properties.${other}`);
    if (id !== undefined && store.get(id) === undefined) {
      throw new ArmError(404, "ResourceNotFound", `The Resource '${id}' was not found.`);
    }
  }
  const used = sinksOf(body);
  if (used.length === 0) refuse("At least one data sink needs to be specified.");
  for (const { sink, id } of used) {
    const target = store.get(id);
    if (target === undefined || !sameId(target.type, sinks[sink])) throw resourceNotFound(id, sinks[sink]);
    if (sink === "storageAccountId") checkAccount(target, resource);
  }
}

/**
 * Same region for a regional resource, no Premium (diagnostic-settings.md); no hierarchical namespace (its older
 * editions).
 */
function checkAccount(account: Resource, resource: Resource | undefined): void {
  const [from, to] = [textAt(resource?.body, "location"), textAt(account.body, "location") ?? ""];
  if (from !== undefined && from !== "global" && regionName(from) !== regionName(to)) {
    refuse(
      `Resources should be in the same region. Resource '${resource?.id ?? ""}' is in region '${from}' and resource ` +
        `'${account.id}' is in region '${to}'.`,
    );
  }
  if (textAt(account.body, "sku.name")?.startsWith("Premium_") === true) {
    refuse(`Storage account '${account.id}' is a premium account, which diagnostic settings do not support.`);
  }
  if (flagAt(account.body, "properties.isHnsEnabled") === true) {
    refuse(`Storage account '${account.id}' has a hierarchical namespace, which diagnostic settings do not support.`);
  }
  if (textAt(account.body, "properties.dnsEndpointType") === "AzureDnsZone") {
    refuse(`Storage account '${account.id}' has Azure DNS zone endpoints, which diagnostic settings do not support.`);
  }
}

function checkReuse(body: JsonObject, others: readonly Resource[]): void {
  for (const other of others) {
    const theirs = new Set(enabledCategories(other.body));
    const shared = enabledCategories(body).find((category) => theirs.has(category));
    const sink = sinksOf(body).find(({ id }) => sinksOf(other.body).some((their) => sameId(their.id, id)));
    if (shared !== undefined && sink !== undefined) {
      throw conflict(
        "Conflict",
        `Data sink '${sink.id}' is already used in diagnostic setting '${other.name}' for category '${shared}'. ` +
          "Data sinks can't be reused in different settings on the same category for the same resource.",
      );
    }
  }
}

/** Returns the destinations of a setting that this sandbox can deliver to. */
export function sinksOf(body: JsonObject): { sink: Sink; id: string }[] {
  return (["workspaceId", "storageAccountId"] as const).flatMap((sink) => {
    const id = textAt(body, `properties.${sink}`);
    return id === undefined ? [] : [{ sink, id }];
  });
}

/** Returns the names of the enabled log and metric categories and category groups. */
export function enabledCategories(body: JsonObject): string[] {
  return [...objectsAt(body, "properties.logs"), ...objectsAt(body, "properties.metrics")]
    .filter((part) => flagAt(part, "enabled") === true)
    .flatMap((part) => textAt(part, "category") ?? textAt(part, "categoryGroup") ?? []);
}

/** Azure returns every category of the resource, even those that were not named (terraform-provider-azurerm #17172). */
function shown({ body, store, id }: PutContext): JsonObject {
  const known = categoriesOf(store.get(scopeOf(id)));
  const properties = objectAt(body, "properties");
  const logs = objectsAt(properties, "logs");
  const usesGroups = logs.some((log) => "categoryGroup" in log);
  // Settings of a subscription lack this member (Microsoft.Insights specification, `SubscriptionLogSettings`).
  const retentionPolicy: JsonObject = isSubscription(scopeOf(id))
    ? {}
    : { retentionPolicy: { days: 0, enabled: false } };
  const complete = (part: JsonObject): JsonObject => ({ ...part, ...retentionPolicy });
  const missing = (given: JsonObject[], names: readonly string[]): JsonObject[] =>
    names
      .filter((name) => !given.some((part) => part.category === name))
      .map((category) => complete({ category, enabled: false }));
  const metrics = objectsAt(properties, "metrics");
  return {
    ...properties,
    logs: [...logs.map(complete), ...(usesGroups ? [] : missing(logs, known.logs))],
    metrics: [...metrics.map(complete), ...missing(metrics, known.metrics)],
  };
}
