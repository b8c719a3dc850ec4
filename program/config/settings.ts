/** From the values of single keys to the arguments of the components, with every default of a VM filled in. */
import { isDeepStrictEqual } from "node:util";
import { Immutability } from "@bastion-trail/components/audit-archive/archiveRules";
import { BastionSku } from "@bastion-trail/components/bastion-host/bastionSku";
import { defaultJitMaxDuration, defaultJitPorts, isPort } from "@bastion-trail/components/jit-virtual-machine/jitPorts";
import type { LockLevel } from "@bastion-trail/components/resource-lock/resourceLock";
import { defaultImage } from "@bastion-trail/components/jit-virtual-machine/vmImage";
import { defaultAdminUsername, defaultLogin } from "@bastion-trail/components/jit-virtual-machine/vmLogin";
import { VmOs } from "@bastion-trail/components/jit-virtual-machine/vmOs";
import { defaultVmSize, type VirtualMachineSettings } from "@bastion-trail/components/jit-virtual-machine/vmRules";
import { DefenderPlanMode, defaultOf, type Key, type Values, type VirtualMachineEntry } from "./keys.ts";

/** The stack's config, in the groups in which the components take it. A member that is `undefined` was left to Azure or to a component. */
export interface TrailConfig {
  readonly location: string;
  /** Start of the names of all resources except the virtual machines. */
  readonly namePrefix: string;
  readonly tags: Record<string, string>;
  readonly lock: LockLevel;
  readonly network: NetworkSettings;
  readonly bastion: BastionSettings;
  /** Whether the Bastion audit logs are collected. */
  readonly audit: boolean;
  /** Whether the subscription's activity log is exported. */
  readonly activityLogExport: boolean;
  /** Whether a change may lose evidence. */
  readonly allowEvidenceLoss: boolean;
  readonly archive: ArchiveSettings;
  readonly workspace: WorkspaceSettings;
  readonly vms: readonly VmSettings[];
  /** ARM id of the key vault that keeps the generated passwords. */
  readonly passwordVaultId: string | undefined;
  /** Whether the stack switches on Defender for Servers Plan 2. */
  readonly managesDefenderPlan: boolean;
}

/** One VM, with the subnet of its own if it has one. */
export type VmSettings = VirtualMachineSettings & {
  /** ARM id of its subnet; the stack's VM subnet if it is `undefined`. */
  readonly subnetId: string | undefined;
};

export type NetworkSettings = ReturnType<typeof networkSettings>;
export type BastionSettings = ReturnType<typeof bastionSettings>;
export type ArchiveSettings = ReturnType<typeof archiveSettings>;
export type WorkspaceSettings = ReturnType<typeof workspaceSettings>;

/**
 * Groups the values.
 * @param fallbackPrefix - start of the names when the stack sets none.
 */
export function settingsOf(values: Values, fallbackPrefix: string): TrailConfig {
  const namePrefix = values.namePrefix === "" ? fallbackPrefix : values.namePrefix;
  return {
    location: values.location,
    namePrefix,
    // `tagProblems` refuses any other value.
    tags: values.tags as Record<string, string>,
    lock: values.lock,
    network: networkSettings(values, namePrefix),
    bastion: bastionSettings(values, namePrefix),
    audit: values.audit,
    activityLogExport: values.activityLogExport,
    allowEvidenceLoss: values.allowEvidenceLoss,
    archive: archiveSettings(values, namePrefix),
    workspace: workspaceSettings(values, namePrefix),
    vms: values.vms.map(vmSettings),
    passwordVaultId: values.passwordVaultId,
    managesDefenderPlan: values.defenderPlan === DefenderPlanMode.Manage,
  };
}

/**
 * A value that differs from its default. The engine fills in the defaults of Pulumi.yaml, so this is how a setting that
 * was chosen and has no effect is told from one that was not chosen: the first is refused, the second left out.
 */
function chosen<K extends Key>(values: Values, key: K): Values[K] | undefined {
  return isDeepStrictEqual(values[key], defaultOf(key)) ? undefined : values[key];
}

function networkSettings(values: Values, namePrefix: string) {
  const { existingVirtualNetworkId, existingBastionSubnetId, existingVmSubnetId } = values;
  const createsBastionSubnet =
    existingBastionSubnetId === undefined && (hasOwnHost(values) ? values.bastionSku !== BastionSku.Developer : false);
  return {
    virtualNetworkName: existingVirtualNetworkId === undefined ? `${namePrefix}-vnet` : undefined,
    addressSpace: existingVirtualNetworkId === undefined ? values.addressSpace : chosen(values, "addressSpace"),
    bastionSubnetPrefix: createsBastionSubnet ? values.bastionSubnetPrefix : chosen(values, "bastionSubnetPrefix"),
    vmSubnetPrefix: existingVmSubnetId === undefined ? values.vmSubnetPrefix : chosen(values, "vmSubnetPrefix"),
    customVmPorts: createsBastionSubnet ? customPorts(values.vms) : undefined,
    existingVirtualNetworkId,
    existingBastionSubnetId,
    existingVmSubnetId,
  };
}

/** JIT ports that Bastion reaches only as custom ports; its network security group has to let them out. */
function customPorts(vms: readonly VirtualMachineEntry[]): number[] | undefined {
  const ports = new Set(vms.flatMap((vm) => vm.jitPorts ?? []).filter((port) => isPort(port) && !isBastionPort(port)));
  return ports.size === 0 ? undefined : [...ports].sort((a, b) => a - b);
}

/** Whether every SKU of Bastion connects to this port. */
export function isBastionPort(port: number): boolean {
  return port === 22 || port === 3389;
}

function hasOwnHost(values: Values): boolean {
  return values.existingBastionHostId === undefined;
}

function bastionSettings(values: Values, namePrefix: string) {
  const own = hasOwnHost(values);
  return {
    bastionHostName: own ? `${namePrefix}-bastion` : undefined,
    sku: own ? values.bastionSku : chosen(values, "bastionSku"),
    scaleUnits:
      own && values.bastionSku !== BastionSku.Developer
        ? values.bastionScaleUnits
        : chosen(values, "bastionScaleUnits"),
    zones: chosen(values, "bastionZones"),
    nativeClient: chosen(values, "nativeClient"),
    ipConnect: chosen(values, "ipConnect"),
    shareableLink: chosen(values, "shareableLink"),
    fileCopy: chosen(values, "fileCopy"),
    disableCopyPaste: chosen(values, "disableCopyPaste"),
    kerberos: chosen(values, "kerberos"),
    privateOnly: chosen(values, "privateOnly"),
    sessionRecording: chosen(values, "sessionRecording"),
    audited: values.audit,
    existingBastionHostId: values.existingBastionHostId,
  };
}

function archiveSettings(values: Values, namePrefix: string) {
  const own = values.existingStorageAccountId === undefined;
  const immutable = values.immutability !== Immutability.Off;
  return {
    accountNamePrefix: own ? accountNamePrefix(namePrefix) : undefined,
    replication: own ? values.archiveReplication : chosen(values, "archiveReplication"),
    // An immutable container is not emptied by lifecycle management, so only a retention that was asked for matters there.
    retentionDays: own && !immutable ? values.archiveRetentionDays : chosen(values, "archiveRetentionDays"),
    immutability: chosen(values, "immutability"),
    immutabilityDays: immutable ? values.immutabilityDays : chosen(values, "immutabilityDays"),
    sharedKey: own ? values.archiveSharedKey : chosen(values, "archiveSharedKey"),
    existingStorageAccountId: values.existingStorageAccountId,
  };
}

/** Storage account names have no hyphens and little room: 16 characters, and 8 random ones that the archive adds. */
function accountNamePrefix(namePrefix: string): string {
  return namePrefix.replaceAll("-", "").slice(0, 16);
}

function workspaceSettings(values: Values, namePrefix: string) {
  const own = values.existingWorkspaceId === undefined;
  return {
    workspaceName: own ? `${namePrefix}-logs` : undefined,
    retentionDays: own ? values.workspaceRetentionDays : chosen(values, "workspaceRetentionDays"),
    existingWorkspaceId: values.existingWorkspaceId,
  };
}

function vmSettings(vm: VirtualMachineEntry): VmSettings {
  const os = vm.os ?? VmOs.Linux;
  return {
    name: vm.name,
    os,
    size: vm.size ?? defaultVmSize,
    image: vm.image ?? defaultImage[os],
    zone: vm.zone,
    login: vm.login ?? defaultLogin[os],
    adminUsername: vm.adminUsername ?? defaultAdminUsername,
    sshPublicKey: vm.sshPublicKey,
    jitPorts: vm.jitPorts ?? [...defaultJitPorts[os]],
    jitMaxDuration: vm.jitMaxDuration ?? defaultJitMaxDuration,
    subnetId: vm.subnetId,
  };
}
