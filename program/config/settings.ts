/** Converts the values of single keys to the arguments of the components, with every default of a VM filled in. */
import { isDeepStrictEqual } from "node:util";
import { Immutability } from "@bastion-trail/components/audit-archive/archiveRules";
import { FlowLogDestination } from "@bastion-trail/components/flow-logs/flowLogRules";
import { BastionSku } from "@bastion-trail/components/bastion-host/bastionSku";
import { defaultJitMaxDuration, defaultJitPorts, isPort } from "@bastion-trail/components/jit-virtual-machine/jitPorts";
import type { LockLevel } from "@bastion-trail/components/resource-lock/resourceLock";
import { defaultImage } from "@bastion-trail/components/jit-virtual-machine/vmImage";
import { defaultAdminUsername, defaultLogin } from "@bastion-trail/components/jit-virtual-machine/vmLogin";
import { VmOs } from "@bastion-trail/components/jit-virtual-machine/vmOs";
import type { VirtualMachineSettings } from "@bastion-trail/components/jit-virtual-machine/vmRules";
import { defaultVmSize } from "@bastion-trail/components/jit-virtual-machine/vmSize";
import { isSame } from "@bastion-trail/components/shared/armId";
import { longestNamePrefix } from "@bastion-trail/components/shared/storageRules";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { managementPorts } from "@bastion-trail/core/rules/managementPorts";
import { DefenderPlanMode } from "./defenderPlanMode.ts";
import type { Component } from "./componentArgument.ts";
import { type Arguments, type Key, keys, keysOf, type Values } from "./keys.ts";
import type { VmEntry } from "./vmEntry.ts";

/** The stack's config, grouped by component. A member that is `undefined` is left to Azure or to a component. */
export interface TrailConfig {
  readonly location: string;
  /** Prefix of the names of all resources except the VMs. */
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
  readonly flowLogs: FlowLogSettings;
  readonly vms: readonly VmSettings[];
  /** ARM id of the key vault that keeps the generated passwords. */
  readonly passwordVaultId: string | undefined;
  /** Whether the stack switches on Defender for Servers Plan 2. */
  readonly managesDefenderPlan: boolean;
}

/** The settings of one VM, including its own subnet, if any. */
export type VmSettings = VirtualMachineSettings & {
  /** ARM id of its subnet; `undefined` for the stack's VM subnet. */
  readonly subnetId: string | undefined;
};

export type NetworkSettings = ReturnType<typeof networkSettings>;
export type BastionSettings = ReturnType<typeof bastionSettings>;
type ArchiveSettings = ReturnType<typeof archiveSettings>;
type WorkspaceSettings = ReturnType<typeof workspaceSettings>;
type FlowLogSettings = ReturnType<typeof flowLogSettings>;

/**
 * Groups the values by component.
 * @param fallbackPrefix - prefix of the names if the stack sets none.
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
    flowLogs: flowLogSettings(values, namePrefix),
    vms: values.vms.map(vmSettings),
    passwordVaultId: values.passwordVaultId,
    managesDefenderPlan: values.defenderPlan === DefenderPlanMode.Manage,
  };
}

/**
 * Returns a value if it differs from its default. The engine fills in the defaults of Pulumi.yaml, so this is how a
 * chosen setting is recognized: a chosen setting without effect is refused, and one that was not chosen is left out.
 */
function chosen<K extends Key>(values: Values, key: K): Values[K] | undefined {
  return isDeepStrictEqual(values[key], keys.entries[key].default) ? undefined : values[key];
}

/** Returns the chosen arguments of a component. */
function chosenFor<C extends Component>(component: C, values: Values): Arguments[C] {
  return Object.fromEntries(
    keysOf(component).map(({ key, argument }) => [argument, chosen(values, key)]),
  ) as Arguments[C];
}

/** Names of what a stack creates unless it adopts another. */
export function ownNames(namePrefix: string) {
  return {
    virtualNetwork: `${namePrefix}-vnet`,
    bastionHost: `${namePrefix}-bastion`,
    workspace: `${namePrefix}-logs`,
    /** Followed by random characters. */
    archive: accountNamePrefix(namePrefix),
  };
}

/**
 * Whether an ARM id is that of a resource of this name which the stack creates.
 * @param suffixLength - number of characters that follow the name.
 */
export function isOwnResource(id: string, namePrefix: string, ownName: string, suffixLength = 0): boolean {
  const { resourceGroupName, name = "" } = parseResourceId(id) ?? {};
  const length = name.length - suffixLength;
  return isSame(resourceGroupName, namePrefix) && isSame(name.slice(0, length), ownName);
}

function networkSettings(values: Values, namePrefix: string) {
  const given = chosenFor("BastionNetwork", values);
  const ownNetwork = given.existingVirtualNetworkId === undefined;
  const createsBastionSubnet =
    given.existingBastionSubnetId === undefined && hasOwnHost(values) && values.bastionSku !== BastionSku.Developer;
  return {
    ...given,
    virtualNetworkName: ownNetwork ? ownNames(namePrefix).virtualNetwork : undefined,
    ...(ownNetwork && { addressSpace: values.addressSpace }),
    ...(createsBastionSubnet && { bastionSubnetPrefix: values.bastionSubnetPrefix }),
    ...(given.existingVmSubnetId === undefined && { vmSubnetPrefix: values.vmSubnetPrefix }),
    customVmPorts: createsBastionSubnet ? customPorts(values.vms) : undefined,
  };
}

/** Returns the JIT ports that Bastion reaches only as custom ports; its network security group must allow them. */
function customPorts(vms: readonly VmEntry[]): number[] | undefined {
  const ports = new Set(
    vms.flatMap((vm) => vm.jitPorts ?? []).filter((port) => isPort(port) && !managementPorts.includes(port)),
  );
  return ports.size === 0 ? undefined : [...ports].sort((a, b) => a - b);
}

/** Whether the stack creates a host with the Developer SKU. */
export function isOwnDeveloper({
  existingBastionHostId,
  sku,
}: Pick<BastionSettings, "existingBastionHostId" | "sku">): boolean {
  return existingBastionHostId === undefined && sku === BastionSku.Developer;
}

function hasOwnHost(values: Values): boolean {
  return values.existingBastionHostId === undefined;
}

function bastionSettings(values: Values, namePrefix: string) {
  const own = hasOwnHost(values);
  return {
    ...chosenFor("BastionHost", values),
    bastionHostName: own ? ownNames(namePrefix).bastionHost : undefined,
    ...(own && { sku: values.bastionSku }),
    ...(own && values.bastionSku !== BastionSku.Developer && { scaleUnits: values.bastionScaleUnits }),
    audited: values.audit,
  };
}

function archiveSettings(values: Values, namePrefix: string) {
  const own = values.existingStorageAccountId === undefined;
  const immutable = values.immutability !== Immutability.Off;
  return {
    ...chosenFor("AuditArchive", values),
    accountNamePrefix: own ? ownNames(namePrefix).archive : undefined,
    ...(own && { replication: values.archiveReplication, sharedKey: values.archiveSharedKey }),
    // The key also sets the flow logs' account, so beside an adopted one it has an effect.
    ...(!own && values.flowLogs !== FlowLogDestination.Off && { sharedKey: undefined }),
    // Lifecycle management does not delete blobs in an immutable container, so only an explicitly chosen retention
    // matters there.
    ...(own && !immutable && { retentionDays: values.archiveRetentionDays }),
    ...(own && immutable && { immutabilityDays: values.immutabilityDays }),
  };
}

function flowLogSettings(values: Values, namePrefix: string) {
  return {
    ...chosenFor("FlowLogs", values),
    destination: values.flowLogs,
    ...(values.flowLogs !== FlowLogDestination.Off && {
      retentionDays: values.flowLogRetentionDays,
      sharedKey: values.archiveSharedKey,
    }),
    accountNamePrefix: accountNamePrefix(namePrefix, "flows"),
  };
}

/** Returns the prefix of the name of a storage account, which has no hyphens. */
function accountNamePrefix(namePrefix: string, ending = ""): string {
  return `${namePrefix.replaceAll("-", "").slice(0, longestNamePrefix - ending.length)}${ending}`;
}

function workspaceSettings(values: Values, namePrefix: string) {
  const own = values.existingWorkspaceId === undefined;
  return {
    ...chosenFor("AuditWorkspace", values),
    workspaceName: own ? ownNames(namePrefix).workspace : undefined,
    ...(own && { retentionDays: values.workspaceRetentionDays }),
  };
}

function vmSettings(vm: VmEntry): VmSettings {
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
