import { regionName } from "@bastion-trail/core/rules/region";
import { defined, flagAt, numberAt, objectAt, textAt, withProperties, type JsonObject } from "../../json.ts";
import { regionOf } from "../../locate.ts";
import { badRequest, conflict } from "../../armError.ts";
import { sameId } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { completeIdentity } from "../managedIdentity/userAssignedIdentities.ts";
import { requireReference, type Referrer } from "../references.ts";
import { networkName } from "./names.ts";
import { networkType } from "./networkType.ts";
import { networkInterfaceType, subnetType } from "./usage.ts";
import { virtualNetworkType } from "./virtualNetworks.ts";

const flowLogType = "Microsoft.Network/networkWatchers/flowLogs";

const storageAccountType = "Microsoft.Storage/storageAccounts";
const workspaceType = "Microsoft.OperationalInsights/workspaces";

/**
 * Allowed targets of a new flow log. Flow logs of network security groups can no longer be created
 * (nsg-flow-logs-overview.md).
 */
const targets = [virtualNetworkType, subnetType, networkInterfaceType];

/** Flow logs of virtual networks, subnets and network interfaces (vnet-flow-logs-overview.md, vnet-flow-logs-manage.md). */
export default networkType({
  type: flowLogType,
  model: "network:FlowLog",
  sdk: "network.FlowLog",
  scope: "child",
  name: networkName(),
  location: "required",
  refine: {
    "FlowLogPropertiesFormat.targetResourceId": { required: true },
    "FlowLogPropertiesFormat.storageId": { required: true },
    "RetentionPolicyParameters.days": { min: 0, max: 365 },
  },
  put: "async",
  delete: "async",
  patch: { of: "tags", completion: "sync" },
  check,
  complete,
});

/** Where Traffic Analytics writes its results for a flow log; `undefined` while it is off. */
export interface TrafficAnalytics {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  readonly intervalMinutes: number;
}

export function trafficAnalyticsOf(body: JsonObject): TrafficAnalytics | undefined {
  const analytics = analyticsIn(body);
  if (flagAt(analytics, "enabled") !== true) return undefined;
  return {
    workspaceId: textAt(analytics, "workspaceResourceId") ?? "",
    intervalMinutes: numberAt(analytics, "trafficAnalyticsInterval") ?? 60,
  };
}

/** Returns the enabled flow logs of any of these resources. */
export function enabledFlowLogs(store: ResourceReader, targetIds: readonly string[]): Resource[] {
  return store
    .ofType(flowLogType)
    .filter(
      ({ body }) =>
        flagAt(body, "properties.enabled") === true &&
        targetIds.some((id) => sameId(id, textAt(body, "properties.targetResourceId") ?? "")),
    );
}

function analyticsIn(body: JsonObject): JsonObject {
  return objectAt(body, "properties.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration");
}

function check(context: PutContext): void {
  const { store, id, body, parentId = "" } = context;
  const location = textAt(body, "location") ?? "";
  const watcherLocation = textAt(store.get(parentId)?.body, "location") ?? "";
  if (regionName(location) !== regionName(watcherLocation)) {
    throw badRequest(
      "InvalidLocation",
      `The location '${location}' of flow log ${id} must be that of its network watcher, '${watcherLocation}'.`,
    );
  }
  checkTarget(context, location);
  const account = requireReference(store, textAt(body, "properties.storageId") ?? "", storageAccountType, {
    id,
    location,
    path: "properties.storageId",
  });
  if (textAt(account.body, "sku.tier") === "Premium" || textAt(account.body, "sku.name")?.startsWith("Premium_")) {
    throw badRequest("UnsupportedStorageAccountType", `Flow logs need a standard account; ${account.id} is not.`);
  }
  checkAnalytics(context);
}

function checkTarget({ store, id, body, existing }: PutContext, location: string): void {
  const targetId = textAt(body, "properties.targetResourceId") ?? "";
  const from: Referrer = { id, location, path: "properties.targetResourceId" };
  const type = store.get(targetId)?.type ?? targets[0] ?? "";
  if (!targets.some((allowed) => sameId(allowed, type))) {
    throw badRequest("InvalidTargetResource", `Flow log ${id} cannot be created for ${targetId}.`);
  }
  const target = requireReference(store, targetId, type, from);
  const before = textAt(existing?.body, "properties.targetResourceId");
  if (before !== undefined && !sameId(before, targetId)) {
    throw badRequest("TargetResourceCannotBeChanged", `The target resource of flow log ${id} cannot be changed.`);
  }
  const other = store
    .ofType(flowLogType)
    .find((log) => !sameId(log.id, id) && sameId(textAt(log.body, "properties.targetResourceId") ?? "", target.id));
  if (other !== undefined) throw conflict("FlowLogAlreadyExists", `${target.id} has the flow log ${other.id} already.`);
}

/** Message of `InvalidTAWorkspaceRegion`: aztfmod/terraform-azurerm-caf #613. */
function checkAnalytics({ store, id, body }: PutContext): void {
  const analytics = trafficAnalyticsOf(body);
  if (analytics === undefined) return;
  const { workspaceId, intervalMinutes } = analytics;
  const workspace = store.get(workspaceId);
  if (workspace?.type !== workspaceType) {
    throw badRequest("InvalidTAWorkspace", `Workspace '${workspaceId}' of flow log ${id} was not found.`);
  }
  const region = textAt(analyticsIn(body), "workspaceRegion") ?? "";
  const actual = regionOf(store, workspace.id);
  if (regionName(region) !== regionName(actual)) {
    throw badRequest(
      "InvalidTAWorkspaceRegion",
      `The specified region ${region} for workspace is invalid. Workspace ${workspace.id} located in ${actual} region.`,
    );
  }
  if (textAt(analyticsIn(body), "workspaceId") !== textAt(workspace.body, "properties.customerId")) {
    throw badRequest("InvalidTAWorkspaceId", `The workspace id of flow log ${id} is not that of ${workspace.id}.`);
  }
  if (intervalMinutes !== 10 && intervalMinutes !== 60) {
    throw badRequest("InvalidTAInterval", `The interval ${intervalMinutes} is invalid; it must be 10 or 60 minutes.`);
  }
}

function complete(context: PutContext): { body: JsonObject } {
  const { store, body } = context;
  const target = store.get(textAt(body, "properties.targetResourceId") ?? "");
  const identity = completeIdentity(context);
  return {
    body: withProperties(
      { ...body, ...defined({ identity }) },
      {
        provisioningState: "Succeeded",
        targetResourceGuid: textAt(target?.body, "properties.resourceGuid") ?? "",
        enabled: flagAt(body, "properties.enabled") ?? false,
        format: { type: "JSON", version: 2, ...objectAt(body, "properties.format") },
        retentionPolicy: { days: 0, enabled: false, ...objectAt(body, "properties.retentionPolicy") },
        flowAnalyticsConfiguration: {
          networkWatcherFlowAnalyticsConfiguration: {
            enabled: false,
            trafficAnalyticsInterval: 60,
            ...analyticsIn(body),
          },
        },
      },
    ),
  };
}
