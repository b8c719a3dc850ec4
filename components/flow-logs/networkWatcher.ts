/** The Network Watcher of a region: Azure creates it, and flow logs are created in it. */
import { getNetworkWatcher } from "@pulumi/azure-native/network/getNetworkWatcher.js";
import * as pulumi from "@pulumi/pulumi";
import { setTimeout as delay } from "node:timers/promises";
import { hook } from "../shared/hook.ts";
import { textsIn } from "../shared/liveResource.ts";
import { attempt, lookUp, lookupProblems, notFoundReason } from "../shared/lookup.ts";
import { regionName } from "@bastion-trail/core/rules/region";
import { type Problem, refuse } from "../shared/validate.ts";

/** The resource group in which Azure creates the Network Watchers of a subscription (Network Watcher FAQ). */
const watcherGroup = "NetworkWatcherRG";

/** The Network Watcher in which flow logs are created. */
export interface WantedWatcher {
  /** ARM id of the watcher; `undefined` for the one that Azure creates. */
  readonly networkWatcherId: string | undefined;
  /** Region of the flow logs. */
  readonly location: string;
}

/** Returns where azure-native finds the watcher that Azure creates for a region. */
export function defaultWatcher(location: string): { resourceGroupName: string; name: string } {
  return { resourceGroupName: watcherGroup, name: `NetworkWatcher_${regionName(location)}` };
}

/** Returns every reason why no flow log can be created in a watcher, under the key `networkWatcherId`. */
export async function watcherProblems(wanted: WantedWatcher, opts: pulumi.InvokeOptions): Promise<readonly Problem[]> {
  const { networkWatcherId: value, location } = wanted;
  const key = "networkWatcherId";
  const find = ({ resourceGroupName, name }: { resourceGroupName: string; name: string }) =>
    getNetworkWatcher({ resourceGroupName, networkWatcherName: name }, opts);
  if (value === undefined) {
    const watcher = defaultWatcher(location);
    const found = await attempt(key, value, () => find(watcher));
    return lookupProblems(found, () => []).map(({ reason }) => ({
      key,
      value,
      reason: `Network Watcher ${watcher.name} in ${watcher.resourceGroupName}: ${reason}${reason === notFoundReason ? `; ${whatToDo(location)}` : ""}`,
    }));
  }
  return lookupProblems(await lookUp(key, value, find), ({ location: region = "" }) =>
    regionName(region) === regionName(location)
      ? []
      : [
          {
            key,
            value,
            reason: `it is in ${region}; it must be in the region of the flow logs, ${regionName(location)}`,
          },
        ],
  );
}

/**
 * Azure creates a watcher with every virtual network, unless the subscription opted out (network-watcher-create.md).
 */
function whatToDo(location: string): string {
  return (
    `create it (az network watcher configure --enabled true --resource-group ${watcherGroup} --locations ` +
    `${regionName(location)}), name another one, or switch the flow logs off`
  );
}

/** How long Azure may take to create the watcher of a new virtual network. */
const patience = { attempts: 30, pauseMs: 10_000 };

/**
 * Returns a hook that lets a flow log be created only if its watcher exists. With a new virtual network, Azure creates
 * the watcher during the deployment, so the hook waits for it; with an existing one, a missing watcher is refused in
 * the preview.
 *
 * @param subject - the owner of the flow log, for messages.
 * @param watcherId - ARM id of the watcher; `undefined` for the one that Azure creates.
 */
export function requiresWatcher(
  subject: string,
  watcherId: pulumi.Input<string | undefined>,
  opts: pulumi.InvokeOptions,
): pulumi.ResourceHook {
  return hook(
    subject,
    "has-watcher",
    async ({ newInputs = {} }) => {
      // In a preview, the id of a subnet or of a watcher that does not exist yet is unknown.
      const known = textsIn(newInputs, "targetResourceId", "networkWatcherName", "location");
      if (known === undefined) return;
      const networkWatcherId = await new Promise<string | undefined>((resolve) => {
        pulumi.output(watcherId).apply(resolve);
      });
      const wanted = { networkWatcherId, location: known.location };
      const attempts = pulumi.runtime.isDryRun() || networkWatcherId !== undefined ? 1 : patience.attempts;
      let problems = await watcherProblems(wanted, opts);
      for (let tried = 1; problems.length > 0 && tried < attempts; tried += 1) {
        await delay(patience.pauseMs);
        problems = await watcherProblems(wanted, opts);
      }
      refuse(subject, problems);
    },
    { onDryRun: true },
  );
}
