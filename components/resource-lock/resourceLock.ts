import { ManagementLockByScope } from "@pulumi/azure-native/authorization/managementLockByScope.js";
import * as pulumi from "@pulumi/pulumi";
import { keptByScope } from "../shared/extensionScope.ts";

/**
 * How a resource is kept from deletion (Azure Resource Manager, "Lock your resources").
 *
 * `ReadOnly` is not offered: on a storage account it also blocks `listKeys`, on a network security group it blocks the
 * rules that Defender for Cloud writes for a JIT request.
 */
export const LockLevel = {
  /** No lock. */
  None: "none",
  /** Everybody may read and change the resource; nobody may delete it, nor anything below it. */
  CanNotDelete: "CanNotDelete",
} as const;
export type LockLevel = (typeof LockLevel)[keyof typeof LockLevel];

export interface ResourceLockArgs {
  /** ARM id of the resource that the lock protects. */
  scope: pulumi.Input<string>;
  /** @default `none` */
  level?: LockLevel;
  /** Why the lock is there, shown to whoever runs into it. At most 512 characters. */
  notes: pulumi.Input<string>;
}

/**
 * Puts a management lock on one resource, or does nothing for the level `none`.
 *
 * A lock covers the resource's children and extension resources as well: while it stands, Azure refuses (`ScopeLocked`) to
 * delete a container of a locked account or a diagnostic setting of a locked Bastion host. Pulumi deletes in reverse order
 * of dependency, so name everything below the scope in `opts.dependsOn`; then the lock goes first.
 *
 * Never lock a JIT virtual machine's network security group: Defender for Cloud removes its rules there when access ends.
 *
 * @param name Pulumi name of the lock; the Azure name is the same.
 * @param args What to lock, how, and why.
 * @param opts `parent` and `dependsOn` as above.
 * @returns the lock, or `undefined` where none is wanted.
 */
export function lockResource(
  name: string,
  args: ResourceLockArgs,
  opts: pulumi.CustomResourceOptions,
): ManagementLockByScope | undefined {
  if (args.level === undefined || args.level === LockLevel.None) return undefined;
  return new ManagementLockByScope(
    name,
    { scope: args.scope, lockName: name, level: args.level, notes: args.notes },
    pulumi.mergeOptions(opts, keptByScope("scope", args.scope)),
  );
}
