import * as pulumi from "@pulumi/pulumi";
import { abandonsUnlockedPolicy, archiveChangeProblems } from "./archiveRules.ts";
import { refuse } from "./validate.ts";

/**
 * Options under which a deployed archive refuses every change that would destroy its logs.
 *
 * The engine keeps a component's inputs in its state and shows both the old and the new ones to a `beforeUpdate` hook,
 * before it registers any of the component's children, in preview as in up. So a refused change touches nothing.
 */
export function keepsEvidence(
  name: string,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ComponentResourceOptions {
  const hook = new pulumi.ResourceHook(
    `${name}-keeps-evidence`,
    async ({ oldInputs = {}, newInputs = {} }) => {
      refuse(`AuditArchive "${name}"`, archiveChangeProblems(oldInputs, newInputs));
      if (abandonsUnlockedPolicy(oldInputs, newInputs)) {
        await pulumi.log.warn(
          `AuditArchive "${name}": the unlocked immutability policy stays on the container, because azure-native cannot ` +
            "delete it. Delete it with `az storage container immutability-policy delete`, or retention will delete nothing.",
        );
      }
    },
    { onDryRun: true },
  );
  return pulumi.mergeOptions(opts, { hooks: { beforeUpdate: [hook] } });
}
