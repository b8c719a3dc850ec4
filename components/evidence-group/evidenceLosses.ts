/**
 * Which evidence is lost by a change of the deployment's settings. Pure rules; EvidenceGroup applies them because it is
 * always registered: a component that a setting removes can no longer refuse the change.
 */
import { archiveLosses, Immutability, shorterImmutability } from "../audit-archive/archiveRules.ts";
import { isSame } from "../shared/armId.ts";
import { shorterTime } from "../shared/evidenceChanges.ts";
import { type FlowLogDestination, flowLogLosses } from "../flow-logs/flowLogRules.ts";
import { shorterRetention } from "../shared/logRetention.ts";
import { type HookInputs, isGiven } from "../shared/hookInputs.ts";
import type { Problem } from "../shared/validate.ts";
import { shorterWorkspaceRetention, workspaceLosses } from "../audit-workspace/workspaceRules.ts";

/** The settings that decide which evidence exists, and how long it is kept. */
export interface EvidenceSettings {
  /** Whether the audit logs of the Bastion host are collected. */
  audit: boolean;
  /** Whether the subscription's activity log is exported. */
  activityLogExport: boolean;
  /** Whether sessions are recorded. */
  sessionRecording: boolean;
  /** Where the flow logs of the VMs' subnets go. If omitted, it is not compared. */
  flowLogs?: FlowLogDestination;
  /** Days after which flow logs are deleted. Omit it without flow logs. */
  flowLogRetentionDays?: number;
  /** Days after which the archive deletes logs. Omit it for an adopted or immutable archive. */
  archiveRetentionDays?: number;
  /** Immutability of the archive. Omit it for an adopted archive. */
  immutability?: Immutability;
  /** Days of immutability of the archive. Omit it for an adopted archive. */
  immutabilityDays?: number;
  /** Days after which the workspace deletes logs. Omit it for an adopted workspace. */
  workspaceRetentionDays?: number;
  /** ARM id of the adopted archive. */
  existingStorageAccountId?: string;
  /** ARM id of the adopted workspace. */
  existingWorkspaceId?: string;
  /** ARM id of the adopted Bastion host. */
  existingBastionHostId?: string;
}

/** Returns the losses that a component also refuses itself, as long as it is part of the program. */
export function retentionLosses(before: HookInputs, after: HookInputs): Problem[] {
  const shorter = (key: string, effect: string): Problem[] => shorterTime(key, before[key], after[key], effect);
  const flowRetention = shorter("flowLogRetentionDays", shorterRetention);
  if (!keepsLogs(before) || !keepsLogs(after)) return flowRetention;
  return [
    ...flowRetention,
    ...archiveLosses(before, after),
    ...shorter("archiveRetentionDays", shorterRetention),
    // Nobody can shorten a locked policy: the archive always refuses that.
    ...(before.immutability === Immutability.Locked ? [] : shorter("immutabilityDays", shorterImmutability)),
    ...workspaceLosses(before, after),
    ...shorter("workspaceRetentionDays", shorterWorkspaceRetention),
  ];
}

/** Returns the losses of evidence that is no longer collected or kept at all. */
export function removalLosses(before: HookInputs, after: HookInputs): Problem[] {
  const deleted = keepsLogs(before) && !keepsLogs(after) ? ownStores(before) : "";
  return [
    ...switchedOff("audit", `the Bastion audit logs would no longer be collected${deleted}`, before, after),
    ...switchedOff("activityLogExport", `JIT requests would no longer be exported${deleted}`, before, after),
    ...switchedOff("sessionRecording", "Azure would delete the storage account with all recordings", before, after),
    ...flowLogLosses(before, after),
    ...abandonedHost(before, after),
  ];
}

function switchedOff(key: string, effect: string, before: HookInputs, after: HookInputs): Problem[] {
  return before[key] === true && after[key] === false ? [{ key, value: false, reason: `it was true: ${effect}` }] : [];
}

function ownStores({ existingStorageAccountId, existingWorkspaceId }: HookInputs): string {
  const own = [
    ...(isGiven(existingStorageAccountId) ? [] : ["the archive"]),
    ...(isGiven(existingWorkspaceId) ? [] : ["the workspace"]),
  ];
  return own.length === 0 ? "" : `, and Azure would delete ${own.join(" and ")} with all logs`;
}

/** An adopted host continues to exist without this stack, but without its diagnostic setting. */
function abandonedHost(before: HookInputs, after: HookInputs): Problem[] {
  const [was, wanted] = [before.existingBastionHostId, after.existingBastionHostId];
  if (before.audit !== true || after.audit !== true || typeof was !== "string" || isSameId(was, wanted)) return [];
  return [
    {
      key: "existingBastionHostId",
      value: wanted ?? undefined,
      reason: `it was ${was}: the audit logs of that host would no longer be collected`,
    },
  ];
}

/** Returns one sentence for each store that keeps its logs but is no longer named by the outputs. */
export function leftBehind(before: HookInputs, after: HookInputs): string[] {
  const moved = (key: string): boolean => isGiven(before[key]) && !isSameId(before[key], after[key]);
  const hostAdopted = !isGiven(before.existingBastionHostId) && isGiven(after.existingBastionHostId);
  return [
    ...(keepsLogs(after) && moved("existingStorageAccountId")
      ? [
          `Earlier logs stay in the storage account ${String(before.existingStorageAccountId)}, which the outputs no longer name.`,
        ]
      : []),
    ...(keepsLogs(after) && moved("existingWorkspaceId")
      ? [`Earlier logs stay in the workspace ${String(before.existingWorkspaceId)}, which the outputs no longer name.`]
      : []),
    ...(before.audit === true && after.audit === true && hostAdopted
      ? [
          "Earlier audit logs stay in the archive, in the folder of the Bastion host that this stack created; the outputs name the adopted host's.",
        ]
      : []),
  ];
}

/** Whether any log is collected. */
export function keepsLogs({ audit, activityLogExport }: HookInputs): boolean {
  return audit === true || activityLogExport === true;
}

function isSameId(one: unknown, other: unknown): boolean {
  return typeof one === "string" && typeof other === "string" && isSame(one, other);
}
