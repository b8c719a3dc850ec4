/**
 * Which settings of flow logs are valid, and which changes lose flow logs. Pure rules; the resources are in
 * flowLogs.ts. Source: "Virtual network flow logs" (azure-docs, vnet-flow-logs-overview.md).
 */
import { guid } from "@bastion-trail/core/rules/guid";
import type { ArgumentRules } from "../shared/argumentForms.ts";
import { idProblems, isSame } from "../shared/armId.ts";
import { moveProblems } from "../shared/evidenceChanges.ts";
import { retentionDaysProblems } from "../shared/logRetention.ts";
import { namePrefixProblems, replicationProblems } from "../shared/storageRules.ts";
import type { HookInputs } from "../shared/hookInputs.ts";
import type { Problem } from "../shared/validate.ts";

/** Where flow logs go. */
export const FlowLogDestination = {
  /** No flow logs. */
  Off: "off",
  /** A separate storage account. */
  Archive: "archive",
  /** The storage account and, through Traffic Analytics, the table `NTANetAnalytics` of the workspace. */
  ArchiveAndWorkspace: "archive-and-workspace",
} as const;
export type FlowLogDestination = (typeof FlowLogDestination)[keyof typeof FlowLogDestination];

export const networkWatcherType = "Microsoft.Network/networkWatchers";

/** The settings of the flow logs of one region. */
export interface FlowLogRequest {
  readonly accountNamePrefix: string;
  readonly replication: string;
  readonly retentionDays: number;
  readonly networkWatcherId?: string;
  readonly flowLogNamePrefix: string;
}

/** What is to be logged. A malformed value is `undefined`. */
export interface RequestedTarget {
  readonly name: string | undefined;
  /** `undefined` also where it is not known yet. */
  readonly resourceId: string | undefined;
}

/** What a flow log can be of (vnet-flow-logs-overview.md). */
const targetTypes = ["virtualNetworks/subnets", "virtualNetworks", "networkInterfaces"].map(
  (type) => `Microsoft.Network/${type}`,
);

function targetIdProblems(key: string, id: string): Problem[] {
  return targetTypes.some((type) => idProblems(key, id, type).length === 0)
    ? []
    : [{ key, value: id, reason: `must be the ARM id of a resource of type ${targetTypes.join(" or ")}` }];
}

/** Returns every reason to refuse the settings of flow logs that are known, before anything is created. */
export function flowLogProblems(known: Partial<FlowLogRequest>, targets: readonly RequestedTarget[]): Problem[] {
  const { accountNamePrefix, replication, retentionDays, networkWatcherId, flowLogNamePrefix } = known;
  return [
    ...(accountNamePrefix === undefined ? [] : namePrefixProblems(accountNamePrefix)),
    ...(replication === undefined ? [] : replicationProblems(replication)),
    ...(retentionDays === undefined ? [] : retentionDaysProblems(retentionDays)),
    ...idProblems("networkWatcherId", networkWatcherId, networkWatcherType),
    ...targetProblems(
      flowLogNamePrefix ?? "",
      targets.map(({ name }) => name),
    ),
    ...(flowLogNamePrefix === undefined ? [] : flowLogPrefixProblems(flowLogNamePrefix)),
    ...targetTwiceProblems(targets.map(({ resourceId }) => resourceId)),
  ];
}

/** The identity is named after the prefix, and its name has no periods (resource-name-rules.md, Microsoft.ManagedIdentity). */
function flowLogPrefixProblems(prefix: string): Problem[] {
  return /^[a-z0-9][\w-]{0,63}$/i.test(prefix)
    ? []
    : [
        {
          key: "flowLogNamePrefix",
          value: prefix,
          reason: "must be 1 to 64 letters, digits, hyphens and underscores, starting with a letter or digit",
        },
      ];
}

/** Azure allows one flow log per target. */
function targetTwiceProblems(ids: readonly (string | undefined)[]): Problem[] {
  return ids.flatMap((id, index) => {
    const first = id === undefined ? index : ids.findIndex((other) => isSame(other, id));
    return first < index
      ? [{ key: `targets[${index}].resourceId`, value: id, reason: `repeats targets[${first}].resourceId` }]
      : [];
  });
}

/** What the ids that the flow logs refer to must be. */
export const flowLogReferences: ArgumentRules = {
  "targets[].resourceId": targetIdProblems,
  "workspace.workspaceId": (key, id) => idProblems(key, id, "Microsoft.OperationalInsights/workspaces"),
  "workspace.customerId": (key, value) =>
    guid.test(value) ? [] : [{ key, value, reason: "must be the workspace's GUID" }],
};

/** Maximum length of a name (resource-name-rules.md, Microsoft.Network). */
const longestName = 80;

function targetProblems(prefix: string, names: readonly (string | undefined)[]): Problem[] {
  if (names.length === 0) {
    return [{ key: "targets", value: names, reason: "must have at least one subnet, virtual network or interface" }];
  }
  return names.flatMap((name, index) => {
    if (name === undefined) return [];
    const key = `targets[${index}].name`;
    if (names.findIndex((other) => isSame(other, name)) < index) {
      return [{ key, value: name, reason: "another target already has this name" }];
    }
    return /^[A-Za-z0-9](?:[\w.-]*\w)?$/.test(name) && flowLogName(prefix, name).length <= longestName
      ? []
      : [
          {
            key,
            value: name,
            reason: `must be letters, digits, ".", "-" and "_", not ending with a period or hyphen; with flowLogNamePrefix and a hyphen before it, at most ${longestName} characters`,
          },
        ];
  });
}

/**
 * Returns the name of a target's flow log. The prefix is needed because all stacks of a subscription share the region's
 * Network Watcher.
 */
export function flowLogName(prefix: string, targetName: string): string {
  return `${prefix}-${targetName}`;
}

/** Returns every change of deployed flow logs that would delete them. */
export function flowLogMoveProblems(before: HookInputs, after: HookInputs): Problem[] {
  const place = ["location", "resourceGroupName", "accountNamePrefix"];
  return moveProblems("the storage account of the flow logs", place, before, after);
}

/** Compares the settings of a deployment and returns the loss caused by a change of the destination. */
export function flowLogLosses({ flowLogs: was }: HookInputs, { flowLogs: wanted }: HookInputs): Problem[] {
  const loss = (effect: string): Problem[] => [
    { key: "flowLogs", value: wanted, reason: `it was ${String(was)}: ${effect}` },
  ];
  const wasOn = was === FlowLogDestination.Archive || was === FlowLogDestination.ArchiveAndWorkspace;
  if (wasOn && wanted === FlowLogDestination.Off) {
    return loss("Azure would delete the storage account with all flow logs");
  }
  return was === FlowLogDestination.ArchiveAndWorkspace && wanted === FlowLogDestination.Archive
    ? loss("flows would no longer be written to the workspace")
    : [];
}
