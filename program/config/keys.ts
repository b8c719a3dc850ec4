/**
 * Every config key of the stack: its type and its default. Pulumi.yaml declares the same keys and defaults, and what they
 * mean. How values fit together is judged in problems.ts, by the same rules that the components apply.
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

/** The keys without their namespace. A key that may stay unset has the default "". */
export const keys = v.objectWithRest(
  {
    location: v.optional(
      matching(/^[a-z][a-z0-9]+$/, 'must be the short name of an Azure region, such as "westeurope"'),
      "",
    ),
    namePrefix: v.optional(
      v.pipe(
        text(),
        v.check((value) => value === "" || isNamePrefix(value), `must be ${namePrefixForm}`),
      ),
      "",
    ),
    tags: v.optional(tags, {}),
    lock: v.optional(oneOf(Object.values(LockLevel)), LockLevel.None),

    addressSpace: v.optional(v.array(text(), "must be a list of IPv4 ranges"), ["10.60.0.0/16"]),
    bastionSubnetPrefix: v.optional(text(), "10.60.0.0/26"),
    vmSubnetPrefix: v.optional(text(), "10.60.1.0/24"),
    existingVirtualNetworkId: v.optional(optionalText(), ""),
    existingBastionSubnetId: v.optional(optionalText(), ""),
    existingVmSubnetId: v.optional(optionalText(), ""),

    bastionSku: v.optional(oneOf(Object.values(BastionSku)), BastionSku.Basic),
    bastionScaleUnits: v.optional(wholeNumber(), 2),
    bastionZones: v.optional(v.array(zone, "must be a list of availability zones"), []),
    nativeClient: v.optional(flag(), false),
    ipConnect: v.optional(flag(), false),
    shareableLink: v.optional(flag(), false),
    fileCopy: v.optional(flag(), false),
    disableCopyPaste: v.optional(flag(), false),
    kerberos: v.optional(flag(), false),
    privateOnly: v.optional(flag(), false),
    sessionRecording: v.optional(flag(), false),
    existingBastionHostId: v.optional(optionalText(), ""),

    audit: v.optional(flag(), true),
    archiveRetentionDays: v.optional(wholeNumber(), 365),
    archiveReplication: v.optional(oneOf(Object.values(StorageReplication)), StorageReplication.Lrs),
    archiveSharedKey: v.optional(flag(), false),
    immutability: v.optional(oneOf(Object.values(Immutability)), Immutability.Off),
    immutabilityDays: v.optional(wholeNumber(), 30),
    existingStorageAccountId: v.optional(optionalText(), ""),
    workspaceRetentionDays: v.optional(wholeNumber({ from: 30, to: 730 }), 90),
    existingWorkspaceId: v.optional(optionalText(), ""),
    activityLogExport: v.optional(flag(), true),
    allowEvidenceLoss: v.optional(flag(), false),

    vms: v.optional(v.array(virtualMachine, "must be a list of VMs, such as [{name: web}]"), []),
    passwordVaultId: v.optional(optionalText(), ""),
    defenderPlan: v.optional(oneOf(Object.values(DefenderPlanMode)), DefenderPlanMode.Assume),
  },
  v.never("unknown key; Pulumi.yaml lists all keys"),
);

export type Key = keyof typeof keys.entries;
/** The values of all keys, with defaults. */
export type Values = v.InferOutput<typeof keys>;

/** The default of a key. */
export function defaultOf(key: Key): unknown {
  return keys.entries[key].default;
}
