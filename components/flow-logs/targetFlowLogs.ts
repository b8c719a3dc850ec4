/** The flow log of each target. */
import { FlowLog } from "@pulumi/azure-native/network/flowLog.js";
import type { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import * as network from "@pulumi/azure-native/types/enums/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { locate } from "../shared/armId.ts";
import type { Placement } from "../shared/placement.ts";
import type { Checked } from "../shared/validate.ts";
import { flowLogName, type FlowLogRequest } from "./flowLogRules.ts";
import type { FlowLogWriter } from "./flowLogWriter.ts";
import { defaultWatcher, requiresWatcher } from "./networkWatcher.ts";

/** A subnet, virtual network or network interface whose flows are logged. */
export interface FlowLogTarget {
  /** Short name, unique among the targets. The flow log is named after it. */
  name: string;
  /** ARM id, in the provider's subscription. Azure allows one flow log per target. */
  resourceId: pulumi.Input<string>;
}

/** The Log Analytics workspace that Traffic Analytics writes to. */
export interface FlowLogWorkspace {
  /** ARM id of the workspace. */
  workspaceId: pulumi.Input<string>;
  /** The workspace's GUID. */
  customerId: pulumi.Input<string>;
  /** Region of the workspace, which may differ from that of the flow logs. */
  location: pulumi.Input<string>;
}

/**
 * Minutes that Traffic Analytics aggregates: 10 or 60. The shorter, the closer the time of a row to that of a session.
 */
const trafficAnalyticsMinutes = 10;

/** Arguments of {@link createFlowLogs}. */
interface TargetFlowLogsArgs {
  readonly subject: string;
  readonly request: Checked<FlowLogRequest>;
  readonly location: pulumi.Input<string>;
  readonly targets: readonly FlowLogTarget[];
  readonly workspace?: FlowLogWorkspace;
  readonly account: StorageAccount;
  readonly writer: FlowLogWriter;
  readonly tags?: Placement["tags"];
}

export function createFlowLogs(
  name: string,
  args: TargetFlowLogsArgs,
  parent: { readonly parent: pulumi.ComponentResource },
): FlowLog[] {
  const { subject, request, location, account, writer } = args;
  const hasWatcher = requiresWatcher(subject, request.networkWatcherId, parent);
  const watcher = pulumi
    .all([request.networkWatcherId, location])
    .apply(([id, region]) => (id === undefined ? defaultWatcher(region) : locate(id)));
  return args.targets.map(
    (target) =>
      new FlowLog(
        `${name}-${target.name}-flow-log`,
        {
          resourceGroupName: watcher.resourceGroupName,
          networkWatcherName: watcher.name,
          flowLogName: pulumi.output(request.flowLogNamePrefix).apply((prefix) => flowLogName(prefix, target.name)),
          location,
          targetResourceId: target.resourceId,
          storageId: account.id,
          enabled: true,
          format: { type: network.FlowLogFormatType.JSON, version: 2 },
          // The account's lifecycle rule deletes the logs; this policy would write a rule of its own.
          retentionPolicy: { enabled: false, days: 0 },
          identity: { type: network.ResourceIdentityType.UserAssigned, userAssignedIdentities: [writer.identity.id] },
          flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration: analytics(args.workspace) },
          tags: args.tags,
        },
        {
          ...parent,
          dependsOn: writer.mayWrite,
          // A flow log keeps its target, and a target has only one flow log.
          replaceOnChanges: ["targetResourceId"],
          deleteBeforeReplace: true,
          hooks: { beforeCreate: [hasWatcher] },
        },
      ),
  );
}

function analytics(workspace: FlowLogWorkspace | undefined) {
  return workspace === undefined
    ? { enabled: false }
    : {
        enabled: true,
        workspaceResourceId: workspace.workspaceId,
        workspaceId: workspace.customerId,
        workspaceRegion: workspace.location,
        trafficAnalyticsInterval: trafficAnalyticsMinutes,
      };
}
