/** The components, for programs of your own. Each is one file; the rules beside it are what it checks before Azure does. */
export * from "./activityLogExport.ts";
export { Immutability } from "./archiveRules.ts";
export * from "./auditArchive.ts";
export * from "./auditWorkspace.ts";
export * from "./bastionDiagnostics.ts";
export * from "./bastionHost.ts";
export * from "./bastionNetwork.ts";
export { BastionSku } from "./bastionSku.ts";
export * from "./defenderPlan.ts";
export * from "./evidenceGroup.ts";
export * from "./jitVirtualMachine.ts";
export * from "./recordingContainer.ts";
export * from "./recordingPlayback.ts";
export { LockLevel, lockResource, type ResourceLockArgs } from "./resourceLock.ts";
export { StorageReplication } from "./storageRules.ts";
export { ValidationError } from "./validate.ts";
export { VmLogin } from "./vmLogin.ts";
export { VmOs } from "./vmOs.ts";
