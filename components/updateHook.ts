import * as pulumi from "@pulumi/pulumi";
import { type Problem, refuse } from "./validate.ts";

/** Inputs of a resource, as a resource hook gets them: what is not known yet in a preview is no plain value. */
export type HookInputs = Readonly<Record<string, unknown>>;

/**
 * A hook that refuses an update which Azure would refuse, or answer by losing something: it compares the inputs that
 * Pulumi recorded with those of now, and it runs in `pulumi preview`, too.
 *
 * @param name - name of the hook, which is its own in the whole stack.
 * @param subject - what is checked, for example `BastionHost "main"`.
 * @param problems - pure rules over the inputs before and after.
 */
export function refuseUpdates(
  name: string,
  subject: string,
  problems: (before: HookInputs, after: HookInputs) => readonly Problem[],
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    name,
    ({ oldInputs = {}, newInputs = {} }) => {
      refuse(subject, problems(oldInputs, newInputs));
    },
    { onDryRun: true },
  );
}
