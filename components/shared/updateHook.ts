import type * as pulumi from "@pulumi/pulumi";
import { type Problem, refuse } from "./validate.ts";
import { hook } from "./hook.ts";
import type { HookInputs } from "./hookInputs.ts";

/** A pure rule over the recorded and the new inputs of a resource. */
export type UpdateRule = (before: HookInputs, after: HookInputs) => readonly Problem[];

/**
 * Returns a hook that refuses an update that Azure would refuse. It also runs in `pulumi preview`.
 *
 * @param subject - what is checked, for example `BastionHost "main"`.
 * @param purpose - as for `hook`.
 */
export function refuseUpdates(subject: string, purpose: string, problems: UpdateRule): pulumi.ResourceHook {
  return hook(
    subject,
    purpose,
    ({ oldInputs = {}, newInputs = {} }) => {
      refuse(subject, problems(oldInputs, newInputs));
    },
    { onDryRun: true },
  );
}
