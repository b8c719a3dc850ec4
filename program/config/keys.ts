/**
 * Every config key of the stack: its form, its default, its meaning and the argument of a component that it sets.
 * problems.ts checks how values fit together, by the same rules that the components apply.
 */
import * as v from "valibot";
import { Immutability, longestImmutabilityDays } from "@bastion-trail/components/audit-archive/archiveRules";
import { defaultWorkspaceDays, workspaceDaysRange } from "@bastion-trail/components/audit-workspace/workspaceRules";
import { BastionSku, scaleUnitRange, skusFrom, skusWith } from "@bastion-trail/components/bastion-host/bastionSku";
import { FlowLogDestination } from "@bastion-trail/components/flow-logs/flowLogRules";
import { defaultRetentionDays, longestRetentionDays } from "@bastion-trail/components/shared/logRetention";
import { LockLevel } from "@bastion-trail/components/resource-lock/resourceLock";
import { longestRequestHours, shortestRequestMinutes } from "@bastion-trail/core/rules/jitDuration";
import { suggestion } from "@bastion-trail/core/rules/similarNames";
import { defaultReplication, StorageReplication } from "@bastion-trail/components/shared/storageRules";
import { VmLogin } from "@bastion-trail/components/jit-virtual-machine/vmLogin";
import { VmOs } from "@bastion-trail/components/jit-virtual-machine/vmOs";
import { DefenderPlanMode } from "./defenderPlanMode.ts";
import { argument, type Argument, type Component } from "./componentArgument.ts";
import { isNamePrefix, namePrefixForm } from "./namePrefix.ts";
import { isStackName, stackNameForm } from "./stackName.ts";
import { flag, listOf, object, oneOf, optionalText, shortRegion, text, wholeNumber } from "./values.ts";
import { vmEntry, vmPropertyNames } from "./vmEntry.ts";

/** problems.ts checks the items of a list, so that one malformed item does not hide another. */
const range = v.custom<string>(() => true);
const zoneInList = v.pipe(
  v.unknown(),
  v.transform((value) => (typeof value === "number" ? String(value) : (value as string))),
);

/** problems.ts checks the tags themselves, so that one malformed tag does not hide another. */
const tags = object("must be an object of tag names and values, such as {team: blue}");

/**
 * Defines an optional key.
 * @param sets - the argument of a component that gets the key's value. The key has the name of the argument, after a
 * prefix if the argument's name alone would be ambiguous.
 */
function key<
  const Form extends v.GenericSchema,
  const Default extends v.InferInput<Form>,
  Sets extends Argument | undefined = undefined,
>(form: Form, fallback: Default, meaning: string, sets?: Sets) {
  return Object.assign(v.optional(form, fallback), { meaning, sets: sets as Sets });
}

/** Lists values for the meaning of a key. */
function anyOf(values: Readonly<Record<string, string>>): string {
  return Object.values(values).join(" | ");
}

/**
 * The keys without their namespace. An optional key without a default value has the default "". Pulumi.yaml and
 * docs/config.md are generated from this table (`npm run config`).
 */
export const keys = v.objectWithRest(
  {
    location: key(shortRegion(), "", 'Azure region of all resources, by its short name, e.g. "westeurope". Required.'),
    namePrefix: key(
      v.pipe(
        text(),
        v.check((value) => value === "" || isNamePrefix(value), `must be ${namePrefixForm}`),
      ),
      "",
      'Start of the names of all Azure resources except the VMs. Empty means "<project>-<stack>".',
    ),
    tags: key(tags, {}, "Tags of all resources, name to value."),
    lock: key(
      oneOf(Object.values(LockLevel)),
      LockLevel.None,
      `Management lock on the stores of logs and recordings, the Bastion host and the VMs - ${anyOf(LockLevel)}.`,
    ),
    addressSpace: key(
      listOf(range, "must be a list of IPv4 ranges"),
      ["10.60.0.0/16"],
      "Address ranges of the virtual network to create, IPv4 CIDR.",
      argument("BastionNetwork", "addressSpace"),
    ),
    bastionSubnetPrefix: key(
      text(),
      "10.60.0.0/26",
      "Range of AzureBastionSubnet, /26 or larger. Not used by the Developer SKU.",
      argument("BastionNetwork", "bastionSubnetPrefix"),
    ),
    vmSubnetPrefix: key(
      text(),
      "10.60.1.0/24",
      "Range of the VM subnet.",
      argument("BastionNetwork", "vmSubnetPrefix"),
    ),
    existingVirtualNetworkId: key(
      optionalText(),
      "",
      "ARM id of a virtual network to use instead of creating one.",
      argument("BastionNetwork", "existingVirtualNetworkId"),
    ),
    existingBastionSubnetId: key(
      optionalText(),
      "",
      "ARM id of the AzureBastionSubnet to use instead of creating one. Only with existingVirtualNetworkId.",
      argument("BastionNetwork", "existingBastionSubnetId"),
    ),
    existingVmSubnetId: key(
      optionalText(),
      "",
      "ARM id of the VM subnet to use instead of creating one. Only with existingVirtualNetworkId.",
      argument("BastionNetwork", "existingVmSubnetId"),
    ),
    bastionSku: key(
      oneOf(Object.values(BastionSku)),
      BastionSku.Basic,
      `${anyOf(BastionSku)}. It can be raised later, never lowered.`,
      argument("BastionHost", "sku"),
    ),
    bastionScaleUnits: key(
      wholeNumber(scaleUnitRange),
      scaleUnitRange.from,
      `Number of scale units, ${scaleUnitRange.from} to ${scaleUnitRange.to}; more than ${scaleUnitRange.from} requires ${skusFrom(BastionSku.Standard)}.`,
      argument("BastionHost", "scaleUnits"),
    ),
    bastionZones: key(
      listOf(zoneInList, "must be a list of availability zones"),
      [],
      'Availability zones of the Bastion host, e.g. ["1", "2", "3"]. Cannot be changed later.',
      argument("BastionHost", "zones"),
    ),
    nativeClient: key(
      flag(),
      false,
      `Connect with a native SSH or RDP client (tunneling). Requires ${skusWith("nativeClient")}.`,
      argument("BastionHost", "nativeClient"),
    ),
    ipConnect: key(
      flag(),
      false,
      `Connect to a VM by its private IP address. Requires ${skusWith("ipConnect")}.`,
      argument("BastionHost", "ipConnect"),
    ),
    shareableLink: key(
      flag(),
      false,
      `Let users connect by a link, without the Azure portal. Requires ${skusWith("shareableLink")}.`,
      argument("BastionHost", "shareableLink"),
    ),
    fileCopy: key(
      flag(),
      false,
      `Upload and download files. Requires ${skusWith("fileCopy")}.`,
      argument("BastionHost", "fileCopy"),
    ),
    disableCopyPaste: key(
      flag(),
      false,
      `Switch copy and paste off in web sessions. Requires ${skusWith("disableCopyPaste")}.`,
      argument("BastionHost", "disableCopyPaste"),
    ),
    kerberos: key(
      flag(),
      false,
      `Kerberos authentication. Requires ${skusWith("kerberos")}.`,
      argument("BastionHost", "kerberos"),
    ),
    privateOnly: key(
      flag(),
      false,
      `Deploy the host without a public IP address, reachable only over a private network. Requires ${skusWith("privateOnly")}. Cannot be changed later.`,
      argument("BastionHost", "privateOnly"),
    ),
    sessionRecording: key(
      flag(),
      false,
      `Record graphical sessions in a separate container. Requires ${skusWith("sessionRecording")}; not possible with nativeClient.`,
      argument("BastionHost", "sessionRecording"),
    ),
    existingBastionHostId: key(
      optionalText(),
      "",
      "ARM id of a Bastion host to use instead of creating one. Then no other Bastion setting applies.",
      argument("BastionHost", "existingBastionHostId"),
    ),
    hubStack: key(
      v.pipe(
        text(),
        v.check((value) => value === "" || isStackName(value), stackNameForm),
      ),
      "",
      "Stack of a hub, as organization/project/stack, whose Bastion host, network and AzureBastionSubnet this stack uses. It sets existingBastionHostId, existingVirtualNetworkId and existingBastionSubnetId from that stack's outputs.",
    ),
    audit: key(
      flag(),
      true,
      "Send the Bastion audit logs to the archive and to the workspace. Not possible with the Developer SKU.",
    ),
    archiveRetentionDays: key(
      wholeNumber({ from: 1, to: longestRetentionDays }),
      defaultRetentionDays,
      `Days after which audit logs in the archive are deleted, 1 to ${longestRetentionDays}.`,
      argument("AuditArchive", "retentionDays"),
    ),
    archiveReplication: key(
      oneOf(Object.values(StorageReplication)),
      defaultReplication,
      `${anyOf(StorageReplication)}.`,
      argument("AuditArchive", "replication"),
    ),
    archiveSharedKey: key(
      flag(),
      false,
      "Allow access to the archive and the flow logs with account keys as well as with Microsoft Entra ID.",
      argument("AuditArchive", "sharedKey"),
    ),
    immutability: key(
      oneOf(Object.values(Immutability)),
      Immutability.Off,
      `Time-based immutability of the archive - ${anyOf(Immutability)}. A locked policy can never be removed.`,
      argument("AuditArchive", "immutability"),
    ),
    immutabilityDays: key(
      wholeNumber({ from: 1, to: longestImmutabilityDays }),
      30,
      `Days for which nobody can change or delete a log record, 1 to ${longestImmutabilityDays}. Only with immutability unlocked or locked.`,
      argument("AuditArchive", "immutabilityDays"),
    ),
    existingStorageAccountId: key(
      optionalText(),
      "",
      "ARM id of a storage account to use as the archive. It must be in the Bastion host's region.",
      argument("AuditArchive", "existingStorageAccountId"),
    ),
    workspaceRetentionDays: key(
      wholeNumber(workspaceDaysRange),
      defaultWorkspaceDays,
      `Days for which the Log Analytics workspace keeps its logs, ${workspaceDaysRange.from} to ${workspaceDaysRange.to}.`,
      argument("AuditWorkspace", "retentionDays"),
    ),
    existingWorkspaceId: key(
      optionalText(),
      "",
      "ARM id of a Log Analytics workspace to use instead of creating one.",
      argument("AuditWorkspace", "existingWorkspaceId"),
    ),
    activityLogExport: key(
      flag(),
      true,
      "Export the subscription's activity log (JIT requests, NSG writes) to the archive and the workspace.",
    ),
    flowLogs: key(
      oneOf(Object.values(FlowLogDestination)),
      FlowLogDestination.Archive,
      `Flow logs of the VMs' subnets, which name the rule that admitted or refused each connection - ${FlowLogDestination.Off} | ${FlowLogDestination.Archive} (a separate storage account) | ${FlowLogDestination.ArchiveAndWorkspace} (also the workspace, by Traffic Analytics). Azure charges for each GB of flow logs beyond 5 GB per month and subscription, for their storage and, with the workspace, for each GB that Traffic Analytics processes and the workspace ingests.`,
    ),
    flowLogRetentionDays: key(
      wholeNumber({ from: 1, to: longestRetentionDays }),
      defaultRetentionDays,
      `Days after which flow logs are deleted, 1 to ${longestRetentionDays}.`,
      argument("FlowLogs", "retentionDays"),
    ),
    networkWatcherId: key(
      optionalText(),
      "",
      "ARM id of the region's Network Watcher, in which flow logs are created. Empty means NetworkWatcher_<location> in NetworkWatcherRG, which Azure creates with the first virtual network of a region.",
      argument("FlowLogs", "networkWatcherId"),
    ),
    allowEvidenceLoss: key(
      flag(),
      false,
      "Accept changes that lose evidence, with a warning - a shorter retention, logs that are no longer collected, a looser immutability, a deleted store. Otherwise they are refused. Set it for one deployment only.",
    ),
    vms: key(
      listOf(vmEntry, "must be a list of VMs, such as [{name: web}]"),
      [],
      `List of VMs. Properties of each - name (required), os ${anyOf(VmOs)}, size, image (alias or publisher:offer:sku:version), zone, login ${anyOf(VmLogin)}, adminUsername, sshPublicKey, jitPorts, jitMaxDuration (${shortestRequestMinutes} minutes to ${longestRequestHours} hours, e.g. "3h" or "PT3H"), subnetId (ARM id of another subnet, in the Bastion host's virtual network or a peered one).`,
    ),
    passwordVaultId: key(
      optionalText(),
      "",
      "ARM id of a key vault that keeps the generated passwords instead of the stack. It must be in the same subscription and region, and enabled for deployment.",
      argument("JitVirtualMachine", "passwordVaultId"),
    ),
    defenderPlan: key(
      oneOf(Object.values(DefenderPlanMode)),
      DefenderPlanMode.Assume,
      `Defender for Servers Plan 2, which JIT requires - ${DefenderPlanMode.Manage} (switch it on) | ${DefenderPlanMode.Assume} (it is on).`,
    ),
  },
  v.never(),
);

type Entries = typeof keys.entries;
export type Key = keyof Entries;
/** The values of all keys, with defaults. */
export type Values = v.InferOutput<typeof keys>;

/** Name of the argument of a component that a key sets; `never` if it sets none. */
type ArgumentOf<K extends Key, C extends Component> =
  Entries[K]["sets"] extends Argument<C, infer Name extends string> ? Name : never;

/** The values of keys, by the component and argument that they set. */
export type Arguments = { [C in Component]: { [K in Key as ArgumentOf<K, C>]: Values[K] | undefined } };

export const keyNames = Object.keys(keys.entries) as readonly Key[];

/** Returns the reason to refuse an unknown key, or an unknown property of a VM. */
export function unknownReason(name: string, isKey: boolean): string {
  // Without --path, Pulumi stores a key of this name.
  const whole = keyNames.find((key) => name.startsWith(`${key}[`) || name.startsWith(`${key}.`));
  if (isKey && whole !== undefined) {
    return `unknown key; to set a part of ${whole}, remove this key and run pulumi config set with --path`;
  }
  return isKey
    ? `unknown key${suggestion(name, keyNames)}; Pulumi.yaml lists all keys`
    : `unknown property${suggestion(name, vmPropertyNames)}; a VM has ${vmPropertyNames.join(", ")}`;
}

/** Returns the keys that set arguments of a component. */
export function keysOf(component: Component): { readonly key: Key; readonly argument: string }[] {
  return keyNames.flatMap((name) => {
    const sets: Argument | undefined = keys.entries[name].sets;
    return sets?.component === component ? [{ key: name, argument: sets.name }] : [];
  });
}
