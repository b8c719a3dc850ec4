import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./apiVersions.ts";
import { optionalText, readAs } from "./read.ts";

/** A flow log of a virtual network, a subnet or a network interface. */
export interface FlowLog {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Whether Azure's last change to it failed: nothing may be written then. */
  readonly hasFailed: boolean;
  /** ARM ids. */
  readonly targetId: string;
  readonly storageAccountId: string;
}

const watcher = v.object({ id: v.string() });
const flowLog = v.object({
  id: v.string(),
  name: v.string(),
  properties: v.object({
    enabled: v.nullish(v.boolean()),
    provisioningState: optionalText,
    targetResourceId: v.string(),
    storageId: v.string(),
  }),
});

/**
 * Lists the ARM ids of a subscription's Network Watchers, at most one per region.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Network/networkWatchers/read`.
 */
export async function listNetworkWatchers(arm: ArmClient, subscriptionId: string): Promise<string[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/networkWatchers`;
  const items = await Array.fromAsync(arm.list(path, networkApiVersion));
  return items.map((item) => readAs(watcher, item, "a Network Watcher").id);
}

/**
 * Lists the flow logs of a Network Watcher.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Network/networkWatchers/flowLogs/read`.
 */
export async function listFlowLogs(arm: ArmClient, watcherId: string): Promise<FlowLog[]> {
  const items = await Array.fromAsync(arm.list(`${watcherId}/flowLogs`, networkApiVersion));
  return items.map((item) => {
    const { id, name, properties } = readAs(flowLog, item, "a flow log");
    return {
      id,
      name,
      enabled: properties.enabled === true,
      hasFailed: properties.provisioningState?.toLowerCase() === "failed",
      targetId: properties.targetResourceId,
      storageAccountId: properties.storageId,
    };
  });
}
