/**
 * Which well-formed settings are refused. The rules are those of the components, so that config and components never
 * disagree; here all of them are applied at once, under the names of the config keys.
 */
import { idProblems } from "@bastion-trail/components/shared/armId";
import { workspaceProblems } from "@bastion-trail/components/audit-workspace/workspaceRules";
import { archiveProblems } from "@bastion-trail/components/audit-archive/archiveRules";
import { type BastionFeatures, bastionSkuProblems } from "@bastion-trail/components/bastion-host/bastionSku";
import { FlowLogDestination, networkWatcherType } from "@bastion-trail/components/flow-logs/flowLogRules";
import { retentionDaysProblems } from "@bastion-trail/components/shared/logRetention";
import { adoptedHostProblems } from "@bastion-trail/components/bastion-host/hostRequest";
import {
  adoptionProblems,
  defaultVmSubnetName,
  type NetworkRequest,
  networkRequestProblems,
} from "@bastion-trail/components/bastion-network/networkRequest";
import type { Problem } from "@bastion-trail/components/shared/validate";
import { capacityProblems } from "@bastion-trail/components/bastion-network/subnetPlan";
import { nameSuffixLength } from "@bastion-trail/components/shared/storageRules";
import { tagProblems } from "@bastion-trail/components/shared/tagRules";
import { needsPassword } from "@bastion-trail/components/jit-virtual-machine/vmLogin";
import { developerSubnetProblems } from "@bastion-trail/components/jit-virtual-machine/vmSubnetRules";
import { reservedPartFault } from "@bastion-trail/components/shared/reservedName";
import type { Component } from "./componentArgument.ts";
import { keys, keysOf } from "./keys.ts";
import { isNamePrefix, namePrefixForm } from "./namePrefix.ts";
import { type BastionSettings, isOwnDeveloper, isOwnResource, ownNames, type TrailConfig } from "./settings.ts";
import { vmProblems } from "./vmProblems.ts";

/** Returns every problem of the settings, by config key without namespace. */
export function settingProblems(config: TrailConfig): Problem[] {
  return [
    ...namePrefixProblems(config),
    ...tagProblems(config.tags),
    ...dateTagProblems(config),
    ...networkProblems(config),
    ...underKeys("BastionHost", bastionProblems(config.bastion)),
    ...ownResourceProblems(config),
    ...storeProblems(config),
    ...underKeys("FlowLogs", flowLogSettingProblems(config)),
    ...vmProblems(config),
    ...roomProblems(config),
    ...vaultProblems(config),
  ];
}

/** Moves the problems of a component's arguments to the keys that set the arguments. */
function underKeys(component: Component, problems: readonly Problem[]): Problem[] {
  const names = new Map(keysOf(component).map(({ key, argument }) => [argument, key]));
  return problems.map((problem) => ({ ...problem, key: names.get(problem.key) ?? problem.key }));
}

/**
 * All names start with the prefix. Only the default, which is made of the project and stack names, can be wrong here.
 */
function namePrefixProblems({ namePrefix }: TrailConfig): Problem[] {
  if (isNamePrefix(namePrefix)) {
    // Storage accounts are named after it, without its hyphens.
    const reserved = reservedPartFault(namePrefix.replaceAll("-", ""));
    return reserved === undefined ? [] : [{ key: "namePrefix", value: namePrefix, reason: reserved }];
  }
  return [
    {
      key: "namePrefix",
      value: undefined,
      reason: `"${namePrefix}", the default made from the project and stack names, is not usable; set it to ${namePrefixForm}`,
    },
  ];
}

/** The engine reads a date without quotes as a time, and passes it on as Go's text for one. */
function dateTagProblems({ tags }: TrailConfig): Problem[] {
  return Object.entries(tags).flatMap(([name, value]) =>
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4} (?:UTC|[+-]\d{4})$/.test(value)
      ? [{ key: `tags.${name}`, value, reason: "a date without quotes, which Pulumi changes; put it in quotes" }]
      : [],
  );
}

/**
 * Returns the settings of the network component. Its own names cannot be configured; the defaults stand in for them.
 */
export function networkRequest({ network }: Pick<TrailConfig, "network">): NetworkRequest {
  return { ...network, virtualNetworkName: "vnet", vmSubnetName: defaultVmSubnetName };
}

function networkProblems({ network, bastion }: TrailConfig): Problem[] {
  const { existingVirtualNetworkId, existingVmSubnetId, bastionSubnetPrefix } = network;
  return [
    ...networkRequestProblems(networkRequest({ network })),
    ...adoptionProblems(network),
    ...(isOwnDeveloper(bastion)
      ? developerSubnetProblems("existingVmSubnetId", existingVmSubnetId, existingVirtualNetworkId)
      : []),
    ...(isOwnDeveloper(bastion) && bastionSubnetPrefix !== undefined
      ? [
          {
            key: "bastionSubnetPrefix",
            value: bastionSubnetPrefix,
            reason: "the Developer SKU has no subnet of its own; remove it",
          },
        ]
      : []),
    ...(bastion.existingBastionHostId === undefined ? [] : hostSubnetProblems(network)),
  ];
}

/** Returns which keys an adopted host lacks. A subnet without its network is a problem of the network. */
function hostSubnetProblems({ existingVirtualNetworkId, existingBastionSubnetId }: TrailConfig["network"]): Problem[] {
  if (existingBastionSubnetId !== undefined) return [];
  const missing = existingVirtualNetworkId === undefined ? ["existingVirtualNetworkId"] : [];
  return [...missing, "existingBastionSubnetId"].map((key) => ({
    key,
    value: undefined,
    reason: "required with existingBastionHostId, because JIT opens ports only to the subnet of the host",
  }));
}

function bastionProblems(bastion: BastionSettings): Problem[] {
  const { existingBastionHostId: id } = bastion;
  if (id !== undefined) {
    return [
      ...idProblems("existingBastionHostId", id, "Microsoft.Network/bastionHosts"),
      ...adoptedHostProblems(bastion),
    ];
  }
  return hasSku(bastion) ? bastionSkuProblems(bastion) : [];
}

/** The stack would delete what it adopts from itself: its program no longer creates the resource. */
function ownResourceProblems({ namePrefix, bastion, network, archive, workspace }: TrailConfig): Problem[] {
  const own = ownNames(namePrefix);
  return (
    [
      ["existingBastionHostId", bastion.existingBastionHostId, own.bastionHost, 0],
      ["existingVirtualNetworkId", network.existingVirtualNetworkId, own.virtualNetwork, 0],
      ["existingStorageAccountId", archive.existingStorageAccountId, own.archive, nameSuffixLength],
      ["existingWorkspaceId", workspace.existingWorkspaceId, own.workspace, 0],
    ] as const
  ).flatMap(([key, id, name, suffixLength]) =>
    id !== undefined && isOwnResource(id, namePrefix, name, suffixLength)
      ? [
          {
            key,
            value: id,
            reason: "this stack itself creates the resource of this id, and would delete it; remove the key",
          },
        ]
      : [],
  );
}

/** Every new host has a SKU; only for an adopted one can it be missing here. */
function hasSku(bastion: BastionSettings): bastion is BastionSettings & BastionFeatures {
  return bastion.sku !== undefined;
}

function storeProblems(config: TrailConfig): Problem[] {
  const { audit, activityLogExport, archive, workspace, flowLogs } = config;
  if (audit || activityLogExport) {
    return [
      ...underKeys("AuditArchive", archiveSettingProblems(config)),
      ...underKeys("AuditWorkspace", workspaceSettingProblems(config)),
    ];
  }
  // The flow logs take this setting, too.
  const withFlowLogs = flowLogs.destination === FlowLogDestination.Off ? {} : { sharedKey: undefined };
  return [
    ...idleProblems("AuditArchive", { ...archive, ...withFlowLogs }),
    ...idleProblems("AuditWorkspace", workspace),
  ];
}

/** Returns the settings of a store that no log goes to. */
function idleProblems(component: Component, settings: Readonly<Record<string, unknown>>): Problem[] {
  return keysOf(component).flatMap(({ key, argument }) => {
    const value = settings[argument];
    return value === undefined || value === keys.entries[key].default
      ? []
      : [{ key, value, reason: "has no effect without audit or activityLogExport; remove it" }];
  });
}

function archiveSettingProblems({ archive, location }: TrailConfig): Problem[] {
  return archiveProblems({ ...archive, accountNamePrefix: undefined, bastionLocation: location });
}

/** The name cannot be configured; a valid one stands in for it. */
function workspaceSettingProblems({ workspace }: TrailConfig): Problem[] {
  return workspaceProblems({ ...workspace, ...(workspace.workspaceName !== undefined && { workspaceName: "logs" }) });
}

function flowLogSettingProblems({ flowLogs, audit, activityLogExport }: TrailConfig): Problem[] {
  const { destination, retentionDays, networkWatcherId } = flowLogs;
  if (destination === FlowLogDestination.Off) {
    const reason = "has no effect while flowLogs is off; remove it";
    return Object.entries({ retentionDays, networkWatcherId }).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value, reason }],
    );
  }
  return [
    ...(retentionDays === undefined ? [] : retentionDaysProblems(retentionDays)),
    ...idProblems("networkWatcherId", networkWatcherId, networkWatcherType),
    ...(destination === FlowLogDestination.ArchiveAndWorkspace && !audit && !activityLogExport
      ? [
          {
            key: "flowLogs",
            value: destination,
            reason: "requires audit or activityLogExport: without both, the stack has no workspace",
          },
        ]
      : []),
  ];
}

function vaultProblems({ passwordVaultId: value, vms }: TrailConfig): Problem[] {
  const key = "passwordVaultId";
  return value === undefined || vms.some(needsPassword)
    ? idProblems(key, value, "Microsoft.KeyVault/vaults")
    : [{ key, value, reason: "has no effect without a VM that has a generated password; remove it" }];
}

/** Each VM needs one address in the stack's VM subnet, unless it has a subnet of its own. */
function roomProblems({ network, vms }: TrailConfig): Problem[] {
  const { vmSubnetPrefix } = network;
  return vmSubnetPrefix === undefined
    ? []
    : capacityProblems("vmSubnetPrefix", [vmSubnetPrefix], vms.filter((vm) => vm.subnetId === undefined).length);
}
