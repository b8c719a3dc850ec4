import { getDiagnosticSetting } from "@pulumi/azure-native/monitor/getDiagnosticSetting.js";
import type * as pulumi from "@pulumi/pulumi";
import { hook } from "../shared/hook.ts";
import { present, textsIn } from "../shared/liveResource.ts";
import { refuse } from "../shared/validate.ts";

/**
 * Returns a hook that refuses to create a setting that exists, and says what to do: azure-native says only that it exists.
 * A setting outlives its host and applies to the next host of the same name (diagnostic-settings.md), so it is in the way
 * after somebody deleted the host. Not in a preview, where a setting that is to be replaced exists as well.
 *
 * @param subject - the owner of the setting, for messages.
 */
export function refusesLeftover(subject: string, opts: pulumi.InvokeOptions): pulumi.ResourceHook {
  return hook(subject, "setting-is-new", async ({ newInputs = {} }) => {
    const wanted = textsIn(newInputs, "resourceUri", "name");
    if (wanted === undefined) return;
    const { resourceUri, name } = wanted;
    if (
      (await present(getDiagnosticSetting({ resourceUri: resourceUri.replace(/^\//, ""), name }, opts))) === undefined
    ) {
      return;
    }
    refuse(subject, [
      {
        key: "bastionHostId",
        value: resourceUri,
        reason:
          `the host already has the diagnostic setting ${name}, such as that of a deleted host of the same name; delete it ` +
          `(az monitor diagnostic-settings delete --name ${name} --resource ID) and repeat the deployment, or import it ` +
          "if an earlier deployment of this stack created it",
      },
    ]);
  });
}
