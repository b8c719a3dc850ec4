/** The destinations of the logs, and the settings that send logs there. */
import type * as pulumi from "@pulumi/pulumi";
import * as trail from "@bastion-trail/components";
import type { TrailConfig } from "./config/index.ts";

export interface Evidence {
  readonly archive: trail.AuditArchive;
  readonly workspace: trail.AuditWorkspace;
  /** Sends the Bastion audit logs; `undefined` if they are not collected. */
  readonly diagnostics: trail.BastionDiagnostics | undefined;
}

/** The sources of the evidence, and where it is kept. */
export interface EvidencePlace {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tags: Record<string, string>;
  readonly bastion: trail.BastionHost;
  readonly subscriptionId: pulumi.Input<string>;
}

/** Keeps the logs that the config selects. Returns `undefined` if it selects none. */
export function keepEvidence(config: TrailConfig, place: EvidencePlace): Evidence | undefined {
  if (!config.audit && !config.activityLogExport) return undefined;
  const { bastion, subscriptionId, ...common } = place;
  const { lock, allowEvidenceLoss } = config;
  // The region of a created host is known while the program runs, so the archive checks it at once.
  const bastionLocation = config.bastion.existingBastionHostId === undefined ? place.location : bastion.location;
  const archive = new trail.AuditArchive("archive", {
    ...common,
    ...config.archive,
    bastionLocation,
    holdsActivityLog: config.activityLogExport,
    lock,
    allowEvidenceLoss,
  });
  const workspace = new trail.AuditWorkspace("workspace", { ...common, ...config.workspace, lock, allowEvidenceLoss });
  const sinks = { storageAccountId: archive.accountId, workspaceId: workspace.workspaceId };
  if (config.activityLogExport) {
    // Several stacks may export the same subscription's log, each to its own destinations and with its own setting
    // name.
    new trail.ActivityLogExport("activity", { ...sinks, subscriptionId, settingName: config.namePrefix });
  }
  const diagnostics = config.audit
    ? new trail.BastionDiagnostics("audit", { ...sinks, bastionHostId: bastion.hostId })
    : undefined;
  return { archive, workspace, diagnostics };
}

/** Whether the stack's own resource group holds logs or recordings that are kept only by this stack. */
export function holdsEvidence({
  audit,
  activityLogExport,
  archive,
  workspace,
  flowLogs,
  bastion,
}: TrailConfig): boolean {
  const ownStore = archive.existingStorageAccountId === undefined || workspace.existingWorkspaceId === undefined;
  return (
    ((audit || activityLogExport) && ownStore) ||
    flowLogs.destination !== trail.FlowLogDestination.Off ||
    bastion.sessionRecording === true
  );
}

/** Returns the settings that decide which evidence exists; the next deployment is compared with them. */
export function evidenceSettings(config: TrailConfig): trail.EvidenceSettings {
  const { audit, activityLogExport, archive, workspace, flowLogs, bastion } = config;
  return {
    audit,
    activityLogExport,
    sessionRecording: bastion.sessionRecording ?? false,
    flowLogs: flowLogs.destination,
    flowLogRetentionDays: flowLogs.retentionDays,
    archiveRetentionDays: archive.retentionDays,
    immutability: archive.immutability,
    immutabilityDays: archive.immutabilityDays,
    workspaceRetentionDays: workspace.retentionDays,
    existingStorageAccountId: archive.existingStorageAccountId,
    existingWorkspaceId: workspace.existingWorkspaceId,
    existingBastionHostId: bastion.existingBastionHostId,
  };
}
