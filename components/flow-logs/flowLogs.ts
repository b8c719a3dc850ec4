import * as pulumi from "@pulumi/pulumi";
import { flowLogContainerName } from "@bastion-trail/core/links/archivePath";
import { type LockLevel, lockResource } from "../resource-lock/resourceLock.ts";
import { componentType } from "../shared/componentType.ts";
import { keepsEvidence } from "../shared/evidenceChanges.ts";
import { createRetentionRule, defaultRetentionDays } from "../shared/logRetention.ts";
import type { Placement } from "../shared/placement.ts";
import { defaultReplication, type StorageReplication } from "../shared/storageRules.ts";
import { checked } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";
import { createFlowLogAccount } from "./flowLogAccount.ts";
import {
  flowLogMoveProblems,
  flowLogProblems,
  flowLogReferences,
  type FlowLogRequest,
  type RequestedTarget,
} from "./flowLogRules.ts";
import { createFlowLogWriter } from "./flowLogWriter.ts";
import { createFlowLogs, type FlowLogTarget, type FlowLogWorkspace } from "./targetFlowLogs.ts";

/** Arguments of {@link FlowLogs}. */
export interface FlowLogsArgs {
  /** Resource group of the storage account and the identity. It cannot change later. */
  resourceGroupName: pulumi.Input<string>;
  /**
   * Region of the targets. The storage account is created in the same region (vnet-flow-logs-overview.md). It cannot
   * change later.
   */
  location: pulumi.Input<string>;
  /** The subnets, virtual networks and network interfaces to log, at least one. */
  targets: FlowLogTarget[];
  /**
   * ARM id of the region's Network Watcher. Defaults to `NetworkWatcher_REGION` in the resource group
   * `NetworkWatcherRG`, which Azure creates with the first virtual network of a region.
   */
  networkWatcherId?: pulumi.Input<string>;
  /**
   * Prefix of the names of the flow logs and the identity. It must be unique to the stack, because all stacks of a
   * subscription share a region's Network Watcher. Defaults to the component's name.
   */
  flowLogNamePrefix?: pulumi.Input<string>;
  /**
   * Prefix of the storage account's name: 1 to 16 lowercase letters and digits. 8 random characters are appended. It
   * cannot change later. Defaults to `flows`.
   */
  accountNamePrefix?: pulumi.Input<string>;
  /** How many copies Azure keeps, and where. Defaults to `Standard_LRS`. */
  replication?: pulumi.Input<StorageReplication>;
  /**
   * Whether the account's keys, and tokens signed with them, give access to the data. Defaults to `false`. Azure writes
   * with a managed identity in both cases.
   */
  sharedKey?: pulumi.Input<boolean>;
  /** Days after which flow logs are deleted, counted from their last record: 1 to 36500. Defaults to 365. */
  retentionDays?: number;
  /**
   * Workspace to which Traffic Analytics also writes the flows, aggregated over 10 minutes, in the table
   * `NTANetAnalytics`. Azure charges for each GB that it processes. Defaults to none.
   */
  workspace?: FlowLogWorkspace;
  /**
   * Whether a change may delete flow logs earlier. Defaults to `false`: `pulumi preview` and `pulumi up` refuse such a
   * change. A move (region, resource group, name) is always refused.
   */
  allowEvidenceLoss?: boolean;
  /** Tags of all created resources that support tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Lock on the storage account and everything in it. Defaults to `none`. */
  lock?: LockLevel;
}

const defaultNamePrefix = "flows";

const component = componentType<FlowLogsArgs>("FlowLogs", flowLogReferences);

/**
 * Flow logs of the subnets of the VMs: every connection with the rule that allowed or denied it, its end and its bytes.
 *
 * They are kept in a separate storage account, for two reasons. Azure writes a block blob for each network interface
 * and hour, and rewrites it every minute as it grows: an immutability policy refuses that, and versioning and soft
 * delete, which the archive uses, would keep every state. And a flow log may replace the account's lifecycle rule with
 * its own.
 *
 * Azure writes with a user-assigned identity that can only write blobs of this account
 * (vnet-flow-logs-managed-identity.md). The account therefore needs no keys, and rotating keys interrupts nothing.
 *
 * Azure charges for each GB of flow logs beyond 5 GB per month and subscription, and for storing them.
 *
 * @example
 * const flows = new FlowLogs("flows", {
 *   resourceGroupName: group.name,
 *   location: "westeurope",
 *   targets: [{ name: "vms", resourceId: network.vmSubnetId }],
 * });
 *
 * @throws ValidationError that names every refused input, before any resource that uses it is created.
 */
export class FlowLogs extends pulumi.ComponentResource {
  /** ARM id of the storage account. */
  readonly accountId: pulumi.Output<string>;
  /** Name of the storage account. */
  readonly accountName: pulumi.Output<string>;
  /** Address of the blob service, such as `https://NAME.blob.core.windows.net/`. */
  readonly blobEndpoint: pulumi.Output<string>;
  /** Container of the flow logs, which Azure creates with the first record. */
  readonly containerName: pulumi.Output<string>;
  /** ARM ids of the flow logs, in the order of the targets. */
  readonly flowLogIds: pulumi.Output<string[]>;

  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    const subject = component.subject(name);
    const place = {
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      accountNamePrefix: args.accountNamePrefix ?? defaultNamePrefix,
    };
    super(
      component.token,
      name,
      place,
      withoutVersionAliases(
        keepsEvidence({ subject, keeps: "evidence", forbidden: flowLogMoveProblems, allowEvidenceLoss: false }, opts),
      ),
    );
    const formed = component.formed(args);
    const { accountNamePrefix = defaultNamePrefix } = formed.args;
    const days = formed.args.retentionDays ?? defaultRetentionDays;
    const problems = (known: Partial<FlowLogRequest>) => [
      ...flowLogProblems(known, requestedTargets(args.targets)),
      ...component.ruled(args),
    ];
    const request = checked<FlowLogRequest>(
      subject,
      {
        accountNamePrefix,
        replication: formed.args.replication ?? defaultReplication,
        retentionDays: days,
        networkWatcherId: formed.args.networkWatcherId,
        flowLogNamePrefix: formed.args.flowLogNamePrefix ?? name,
      },
      problems,
      formed,
      problems,
    );
    const parent = { parent: this };
    const { resourceGroupName, location, tags } = args;
    const placement: Placement = { resourceGroupName, location, tags };
    const { account, blobService } = createFlowLogAccount(
      name,
      { ...placement, subject, request, sharedKey: args.sharedKey ?? false },
      parent,
    );
    const writer = createFlowLogWriter(
      name,
      { ...placement, account, flowLogNamePrefix: request.flowLogNamePrefix },
      parent,
    );
    const { targets, workspace } = args;
    const flowLogs = createFlowLogs(
      name,
      { subject, request, location, targets, workspace, account, writer, tags },
      parent,
    );
    const retention = createRetentionRule(
      name,
      {
        subject,
        resourceGroupName: args.resourceGroupName,
        accountName: account.name,
        days,
        allowEvidenceLoss: args.allowEvidenceLoss,
      },
      { type: "blockBlob", containers: [flowLogContainerName] },
      // Last, because creating a flow log may replace the rules of the account (azurerm #6935).
      { ...parent, dependsOn: flowLogs },
    );
    lockResource(
      `${name}-account-lock`,
      { scope: account.id, level: args.lock, notes: "Holds the flow logs of the VMs." },
      { ...parent, dependsOn: [account, blobService, writer.mayWrite, retention, ...flowLogs] },
    );

    this.accountId = account.id;
    this.accountName = account.name;
    this.blobEndpoint = account.primaryEndpoints.apply(({ blob }) => blob);
    this.containerName = pulumi.output(flowLogContainerName);
    this.flowLogIds = pulumi.all(flowLogs.map(({ id }) => id));
    this.registerOutputs({
      accountId: this.accountId,
      accountName: this.accountName,
      blobEndpoint: this.blobEndpoint,
      containerName: this.containerName,
      flowLogIds: this.flowLogIds,
    });
  }
}

/** Returns what is known of each target. A malformed one does not hide what is wrong with the others. */
function requestedTargets(targets: unknown): RequestedTarget[] {
  return Array.isArray(targets)
    ? targets.map((target: Partial<Record<keyof FlowLogTarget, unknown>> | null) => ({
        name: textOf(target?.name),
        resourceId: textOf(target?.resourceId),
      }))
    : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
