/**
 * The components, for use in other programs. Each is one file; the rules beside it are checked before Azure is called.
 */
export * from "./activity-log-export/activityLogExport.ts";
export { Immutability } from "./audit-archive/archiveRules.ts";
export * from "./audit-archive/auditArchive.ts";
export * from "./audit-workspace/auditWorkspace.ts";
export * from "./bastion-diagnostics/bastionDiagnostics.ts";
export * from "./bastion-host/bastionHost.ts";
export * from "./bastion-network/bastionNetwork.ts";
export { BastionSku } from "./bastion-host/bastionSku.ts";
export * from "./defender-plan/defenderPlan.ts";
export { EvidenceGroup, type EvidenceGroupArgs } from "./evidence-group/evidenceGroup.ts";
export type { EvidenceSettings } from "./evidence-group/evidenceLosses.ts";
export { FlowLogDestination } from "./flow-logs/flowLogRules.ts";
export { FlowLogs, type FlowLogsArgs } from "./flow-logs/flowLogs.ts";
export type { FlowLogTarget, FlowLogWorkspace } from "./flow-logs/targetFlowLogs.ts";
export * from "./jit-virtual-machine/jitVirtualMachine.ts";
export * from "./session-recording/recordingContainer.ts";
export * from "./session-recording/recordingPlayback.ts";
export { LockLevel, lockResource, type ResourceLockArgs } from "./resource-lock/resourceLock.ts";
export { StorageReplication } from "./shared/storageRules.ts";
export { ValidationError } from "./shared/validate.ts";
export { VmLogin } from "./jit-virtual-machine/vmLogin.ts";
export { VmOs } from "./jit-virtual-machine/vmOs.ts";
