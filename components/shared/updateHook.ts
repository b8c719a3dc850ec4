import type * as pulumi from "@pulumi/pulumi";
import { type Problem, refuse } from "./validate.ts";
import { hook } from "./hook.ts";

/** Inputs of a resource, as a resource hook gets them: what is not known yet in a preview is no plain value. */
export type HookInputs = Readonly<Record<string, unknown>>;

/** A pure rule over the inputs of a resource as Pulumi recorded them, and as they are now. */
export type UpdateRule = (before: HookInputs, after: HookInputs) => readonly Problem[];

/**
 * A hook that refuses an update which Azure would refuse. It runs in `pulumi preview` too.
 *
 * @param name - name of the hook, its own in the whole stack.
 * @param subject - what is checked, for example `BastionHost "main"`.
 */
export function refuseUpdates(name: string, subject: string, problems: UpdateRule): pulumi.ResourceHook {
  return hook(
    name,
    ({ oldInputs = {}, newInputs = {} }) => {
      refuse(subject, problems(oldInputs, newInputs));
    },
    { onDryRun: true },
  );
}
