/**
 * Every config key of the stack: its form, its default and its meaning. How values fit together is judged in problems.ts, by the same
 * rules that the components apply.
 */
import * as v from "valibot";
import { Immutability } from "@bastion-trail/components/audit-archive/archiveRules";
import { BastionSku } from "@bastion-trail/components/bastion-host/bastionSku";
import { LockLevel } from "@bastion-trail/components/resource-lock/resourceLock";
import { StorageReplication } from "@bastion-trail/components/shared/storageRules";
import { VmLogin } from "@bastion-trail/components/jit-virtual-machine/vmLogin";
import { VmOs } from "@bastion-trail/components/jit-virtual-machine/vmOs";
import { flag, matching, object, oneOf, optionalText, text, wholeNumber } from "./values.ts";

/** Whether the stack switches on Defender for Servers Plan 2, or relies on it. */
export const DefenderPlanMode = {
  /** The stack sets the plan of the whole subscription. */
  Manage: "manage",
  /** Somebody else has set it. */
  Assume: "assume",
} as const;

const zone = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))], 'must be "1", "2" or "3"'),
  v.picklist(["1", "2", "3"], 'must be "1", "2" or "3"'),
);

const vmProperties = {
  name: text(),
  os: v.optional(oneOf(Object.values(VmOs))),
  size: v.optional(text()),
  image: v.optional(text()),
  zone: v.optional(zone),
  login: v.optional(oneOf(Object.values(VmLogin))),
  adminUsername: v.optional(text()),
  sshPublicKey: v.optional(v.pipe(text(), v.trim())),
  jitPorts: v.optional(v.array(v.number("must be a whole number"), "must be a list of ports, such as [22]")),
  jitMaxDuration: v.optional(text()),
  subnetId: v.optional(text()),
};
const virtualMachine = v.pipe(
  object("must be an object, such as {name: web}"),
  v.objectWithRest(
    vmProperties,
    v.never(`unknown property; a VM has ${Object.keys(vmProperties).join(", ")}`),
    "required for every VM",
  ),
);

/** One entry of `vms`, as it is written in the stack's config. */
export type VirtualMachineEntry = v.InferOutput<typeof virtualMachine>;

/** The tags themselves are judged in problems.ts, so that one malformed tag does not hide another. */
const tags = object("must be an object of tag names and values, such as {team: blue}");

/** What every resource name can start with, including a storage account name, from which the hyphens are removed. */
export const namePrefixForm =
  "2 to 40 lowercase letters, digits and single hyphens, starting with a letter and not ending with a hyphen";
export function isNamePrefix(value: string): boolean {
  return /^[a-z](?:-?[a-z0-9])+$/.test(value) && value.length <= 40;
}

/** A key that need not be set. */
function key<const Form extends v.GenericSchema, const Default extends v.InferInput<Form>>(
  form: Form,
  fallback: Default,
  meaning: string,
) {
  return v.optional(v.pipe(form, v.description(meaning)), fallback);
}

/**
 * The keys without their namespace, each with its form, its default and its meaning. A key that may stay unset has the default "".
 * Pulumi.yaml and docs/config.md are written from this table (`npm run config`).
 */
export const keys = v.objectWithRest(
  {
    location: key(
      matching(/^[a-z][a-z0-9]+$/, 'must be the short name of an Azure region, such as "westeurope"'),
      "",
      'Azure region of everything, as its short name, e.g. "westeurope". Required.',
    ),
    namePrefix: key(
      v.pipe(
        text(),
        v.check((value) => value === "" || isNamePrefix(value), `must be ${namePrefixForm}`),
      ),
      "",
      'Start of the names of all Azure resources except the VMs. Empty means "<project>-<stack>".',
    ),
    tags: key(tags, {}, "Tags of every resource, name to value."),
    lock: key(
      oneOf(Object.values(LockLevel)),
      LockLevel.None,
      "Management lock on the archive, the workspace, the Bastion host and the VMs - none | CanNotDelete.",
    ),
    addressSpace: key(
      v.array(text(), "must be a list of IPv4 ranges"),
      ["10.60.0.0/16"],
      "Address ranges of the virtual network to create, IPv4 CIDR.",
    ),
    bastionSubnetPrefix: key(
      text(),
      "10.60.0.0/26",
      "Range of AzureBastionSubnet, /26 or larger. Not used by the Developer SKU.",
    ),
    vmSubnetPrefix: key(text(), "10.60.1.0/24", "Range of the VM subnet."),
    existingVirtualNetworkId: key(optionalText(), "", "ARM id of a virtual network to use instead of creating one."),
    existingBastionSubnetId: key(
      optionalText(),
      "",
      "ARM id of the AzureBastionSubnet to use instead of creating one. Only with existingVirtualNetworkId.",
    ),
    existingVmSubnetId: key(
      optionalText(),
      "",
      "ARM id of the VM subnet to use instead of creating one. Only with existingVirtualNetworkId.",
    ),
    bastionSku: key(
      oneOf(Object.values(BastionSku)),
      BastionSku.Basic,
      "Developer | Basic | Standard | Premium. It can be raised later, never lowered.",
    ),
    bastionScaleUnits: key(
      wholeNumber(),
      2,
      "Number of scale units, 2 to 50; more than 2 requires Standard or Premium.",
    ),
    bastionZones: key(
      v.array(zone, "must be a list of availability zones"),
      [],
      'Availability zones of the Bastion host, e.g. ["1", "2", "3"]. Cannot be changed later.',
    ),
    nativeClient: key(flag(), false, "Connect with a native SSH or RDP client (tunneling). Standard and Premium."),
    ipConnect: key(flag(), false, "Connect to a VM by its private IP address. Standard and Premium."),
    shareableLink: key(flag(), false, "Let users connect by a link, without the Azure portal. Standard and Premium."),
    fileCopy: key(flag(), false, "Upload and download files. Standard and Premium."),
    disableCopyPaste: key(flag(), false, "Switch copy and paste off in web sessions. Standard and Premium."),
    kerberos: key(flag(), false, "Kerberos authentication. Basic, Standard and Premium."),
    privateOnly: key(
      flag(),
      false,
      "A host without public IP address, reached over a private network only. Premium; set at creation.",
    ),
    sessionRecording: key(
      flag(),
      false,
      "Record graphical sessions to a container of their own. Premium, without nativeClient.",
    ),
    existingBastionHostId: key(
      optionalText(),
      "",
      "ARM id of a Bastion host to use instead of creating one. Then no other Bastion setting applies.",
    ),
    audit: key(
      flag(),
      true,
      "Send the Bastion audit logs to the archive and to the workspace. Not possible with the Developer SKU.",
    ),
    archiveRetentionDays: key(
      wholeNumber(),
      365,
      "Days after which audit logs in the archive are deleted, 1 to 36500.",
    ),
    archiveReplication: key(
      oneOf(Object.values(StorageReplication)),
      StorageReplication.Lrs,
      "Standard_LRS | Standard_ZRS | Standard_GRS | Standard_RAGRS | Standard_GZRS | Standard_RAGZRS.",
    ),
    archiveSharedKey: key(flag(), false, "Allow access to the archive with account keys besides Microsoft Entra ID."),
    immutability: key(
      oneOf(Object.values(Immutability)),
      Immutability.Off,
      "Time-based immutability of the archive - off | unlocked | locked. A locked policy can never be removed.",
    ),
    immutabilityDays: key(
      wholeNumber(),
      30,
      "Days for which nobody can change or delete a log record, 1 to 146000. Only with immutability unlocked or locked.",
    ),
    existingStorageAccountId: key(
      optionalText(),
      "",
      "ARM id of a storage account to use as the archive. It must be in the Bastion host's region.",
    ),
    workspaceRetentionDays: key(
      wholeNumber({ from: 30, to: 730 }),
      90,
      "Days that the Log Analytics workspace keeps its logs, 30 to 730.",
    ),
    existingWorkspaceId: key(optionalText(), "", "ARM id of a Log Analytics workspace to use instead of creating one."),
    activityLogExport: key(
      flag(),
      true,
      "Export the subscription's activity log (JIT requests, NSG writes) to the archive and the workspace.",
    ),
    allowEvidenceLoss: key(
      flag(),
      false,
      "Accept changes that lose evidence, with a warning - a shorter retention, logs that are no longer collected, a looser immutability, a deleted store. Otherwise they are refused. Set it for one deployment only.",
    ),
    vms: key(
      v.array(virtualMachine, "must be a list of VMs, such as [{name: web}]"),
      [],
      'The VMs, a list. Properties of each - name (required), os linux | windows, size, image (alias or publisher:offer:sku:version), zone, login sshKey | entraId | password, adminUsername, sshPublicKey, jitPorts, jitMaxDuration (5 minutes to 24 hours, e.g. "3h" or "PT3H"), subnetId (ARM id of a subnet of its own, in the Bastion host\'s virtual network or one that is peered with it).',
    ),
    passwordVaultId: key(
      optionalText(),
      "",
      "ARM id of a key vault that keeps the generated passwords instead of the stack, in the same subscription and region and enabled for deployment.",
    ),
    defenderPlan: key(
      oneOf(Object.values(DefenderPlanMode)),
      DefenderPlanMode.Assume,
      "Defender for Servers Plan 2, which JIT requires - manage (switch it on) | assume (it is on).",
    ),
  },
  v.never("unknown key; Pulumi.yaml lists all keys"),
);

export type Key = keyof typeof keys.entries;
/** The values of all keys, with defaults. */
export type Values = v.InferOutput<typeof keys>;

/** What a key means, one or more sentences. */
export function meaningOf(key: Key): string {
  return v.getDescription(keys.entries[key].wrapped) ?? "";
}

/** The default of a key. */
export function defaultOf(key: Key): unknown {
  return keys.entries[key].default;
}
