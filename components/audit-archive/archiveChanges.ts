import * as pulumi from "@pulumi/pulumi";
import { abandonsUnlockedPolicy, archiveLosses, impossibleArchiveChanges } from "./archiveRules.ts";
import { keepsEvidence } from "../shared/evidenceChanges.ts";
import { hook, withUpdateHooks } from "../shared/hook.ts";

/**
 * Adds hooks to the options of an archive: they refuse changes that would destroy its logs, and warn about what Azure
 * leaves behind.
 */
export function archiveOptions(
  subject: string,
  allowEvidenceLoss: boolean | undefined,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ComponentResourceOptions {
  const warns = hook(
    subject,
    "leaves-policy",
    async ({ oldInputs = {}, newInputs = {} }) => {
      if (abandonsUnlockedPolicy(oldInputs, newInputs)) {
        await pulumi.log.warn(
          `${subject}: the unlocked immutability policy stays on each container, because azure-native cannot delete it. ` +
            "Delete it with `az storage container immutability-policy delete`, or retention deletes nothing.",
        );
      }
    },
    { onDryRun: true },
  );
  const rules = { forbidden: impossibleArchiveChanges, losses: archiveLosses, allowEvidenceLoss };
  return withUpdateHooks(keepsEvidence({ subject, keeps: "evidence", ...rules }, opts), [warns]);
}
