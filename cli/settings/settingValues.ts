/** The settings of a deployment. */
import type { OptionValues, settingsOptions } from "../options.ts";

/** The place of one kind of log in a storage account. */
export interface ArchiveFolder {
  /** `https://ACCOUNT.blob.core.windows.net` */
  readonly blobEndpoint: string;
  readonly container: string;
  /**
   * Common prefix of its blob names: `resourceId=/SUBSCRIPTIONS/.../` or `flowLogResourceID=/`. Empty for the logs of
   * all resources.
   */
  readonly blobPrefix: string;
}

/** A VM of the deployment. */
export interface KnownVm {
  readonly name: string;
  readonly id: string;
  readonly privateIp: string;
  /** ARM id of its JIT policy. */
  readonly jitPolicyId: string;
  /** ARM id of its network security group. Missing in outputs of earlier versions. */
  readonly nsgId?: string | undefined;
}

/** The settings. Each has the name of the stack's output. */
export interface SettingValues {
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** ARM id. */
  readonly bastionHostId: string;
  /** The Bastion audit logs. */
  readonly archive: ArchiveFolder;
  /** The exported activity log. */
  readonly activityLogArchive: ArchiveFolder;
  /** The flow logs of the VMs' subnets, in a storage account of their own. */
  readonly flowLogArchive: ArchiveFolder;
  /** ARM id of the Log Analytics workspace. */
  readonly workspaceId: string;
  /** GUID by which queries address the workspace. */
  readonly workspaceCustomerId: string;
  readonly vms: readonly KnownVm[];
}

export type SettingName = keyof SettingValues;

/** The flags that settings come from. */
export type SettingsFlags = Partial<OptionValues<typeof settingsOptions>>;
