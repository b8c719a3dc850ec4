/** What the CLI knows of a deployment. */
import type { OptionValues, settingsOptions } from "./options.ts";

/** Where one kind of log lies in a storage account. */
export interface ArchiveFolder {
  /** `https://ACCOUNT.blob.core.windows.net` */
  readonly blobEndpoint: string;
  readonly container: string;
  /**
   * Start of the names of all its blobs: `resourceId=/SUBSCRIPTIONS/.../`, or `flowLogResourceID=/`; empty when every resource's logs
   * are meant.
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
  /** ARM id of its network security group; outputs of earlier versions lack it. */
  readonly nsgId?: string | undefined;
}

/** The settings. The name of each is also that of the stack's output. */
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
  /** What queries address the workspace by, a GUID. */
  readonly workspaceCustomerId: string;
  readonly vms: readonly KnownVm[];
}

export type SettingName = keyof SettingValues;

/** The flags that settings come from. */
export type SettingsFlags = Partial<OptionValues<typeof settingsOptions>>;
