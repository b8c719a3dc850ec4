import { ManagementLockByScope } from "@pulumi/azure-native/authorization/managementLockByScope.js";
import * as pulumi from "@pulumi/pulumi";
import { keptByScope } from "../shared/extensionScope.ts";

/**
 * How a resource is protected from deletion (Azure Resource Manager, "Lock your resources").
 *
 * `ReadOnly` is not offered: on a storage account it also blocks `listKeys`, and on a network security group it blocks
 * the rules that Defender for Cloud writes for a JIT request.
 */
export const LockLevel = {
  /** No lock. */
  None: "none",
  /** Anybody with the right can read and change the resource, but nobody can delete it or anything below it. */
  CanNotDelete: "CanNotDelete",
} as const;
export type LockLevel = (typeof LockLevel)[keyof typeof LockLevel];

/** Arguments of {@link lockResource}. */
export interface ResourceLockArgs {
  /** ARM id of the resource to lock. */
  scope: pulumi.Input<string>;
  /** Kind of lock. Defaults to `none`. */
  level?: LockLevel;
  /** Why the lock exists, shown to anybody whom it stops. At most 512 characters. */
  notes: pulumi.Input<string>;
}

/**
 * Creates a management lock on one resource, or does nothing for the level `none`.
 *
 * A lock also covers the resource's children and extension resources: as long as it exists, Azure refuses
 * (`ScopeLocked`) to delete a container of a locked account or a diagnostic setting of a locked Bastion host. Pulumi
 * deletes in reverse order of dependency, so list everything below the scope in `opts.dependsOn`; the lock is then
 * deleted first.
 *
 * Never lock a JIT VM's network security group: Defender for Cloud deletes its rules there when access ends.
 *
 * @param name Pulumi name of the lock, which is also its Azure name.
 * @param args What to lock, how, and why.
 * @param opts `parent` and `dependsOn` as above.
 * @returns the lock, or `undefined` if the level is `none`.
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
