/**
 * What holds evidence does not move. Azure cannot change the region, the group or the name of a storage account or a resource
 * group: a deployment would delete it, with everything in it, and create an empty one.
 */
import * as pulumi from "@pulumi/pulumi";
import { regionName } from "./storageRules.ts";
import { type HookInputs, refuseUpdates } from "./updateHook.ts";
import type { Problem } from "./validate.ts";

/**
 * Every one of the inputs that a change would move.
 * @param what is moved, for example `the archive`.
 */
export function moveProblems(what: string, keys: readonly string[], before: HookInputs, after: HookInputs): Problem[] {
  return keys.flatMap((key) => {
    const [was, wanted] = [before[key], after[key]];
    // A value that is not known yet (preview) or was never recorded cannot be compared.
    if (typeof was !== "string" || typeof wanted !== "string") return [];
    // Azure compares regions and names without regard to case.
    if (regionName(was) === regionName(wanted)) return [];
    return [
      {
        key,
        value: wanted,
        reason: `${what} was made with ${was} and cannot move: Azure would delete it with all the evidence in it. Keep ${was}, and deploy ${wanted} as a stack of its own or after this one is destroyed`,
      },
    ];
  });
}

/**
 * Options under which a deployed component refuses changes that would destroy what it holds.
 *
 * The engine keeps a component's inputs in its state, and runs the hook before it registers any of the component's children,
 * in preview as in up. So a refused change touches nothing.
 *
 * @param subject what refuses, for example `AuditArchive "audit"`.
 * @param name Pulumi name of the component; the hook is named after it.
 * @param problems pure rules over the component's inputs before and after.
 */
export function keepsEvidence(
  subject: string,
  name: string,
  problems: (before: HookInputs, after: HookInputs) => readonly Problem[],
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ComponentResourceOptions {
  const hook = refuseUpdates(`${name}-keeps-evidence`, subject, problems);
  return pulumi.mergeOptions(opts, { hooks: { beforeUpdate: [hook] } });
}
