import * as pulumi from "@pulumi/pulumi";
import { abandonsUnlockedPolicy, archiveChangeProblems } from "./archiveRules.ts";
import { keepsEvidence } from "./evidenceChanges.ts";

/** Options under which a deployed archive refuses what would destroy its logs, and tells what Azure leaves behind. */
export function archiveOptions(
  name: string,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ComponentResourceOptions {
  const subject = `AuditArchive "${name}"`;
  const warns = new pulumi.ResourceHook(
    `${name}-leaves-policy`,
    async ({ oldInputs = {}, newInputs = {} }) => {
      if (abandonsUnlockedPolicy(oldInputs, newInputs)) {
        await pulumi.log.warn(
          `${subject}: the unlocked immutability policy stays on the container, because azure-native cannot delete it. ` +
            "Delete it with `az storage container immutability-policy delete`, or retention will delete nothing.",
        );
      }
    },
    { onDryRun: true },
  );
  return pulumi.mergeOptions(keepsEvidence(subject, name, archiveChangeProblems, opts), {
    hooks: { beforeUpdate: [warns] },
  });
}
