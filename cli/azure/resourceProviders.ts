import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { readAs } from "./read.ts";

const providersApiVersion = "2021-04-01";

const provider = v.object({ registrationState: v.string() });

/**
 * Returns whether a resource provider may be used in a subscription (azure-resource-manager, resource-providers-and-types.md).
 * @param namespace e.g. `Microsoft.Network`.
 * @returns `Registered`, `Registering`, `NotRegistered` or `Unregistering`.
 * @throws ArmError, e.g. if the caller has no read access in the subscription.
 */
export async function registrationState(arm: ArmClient, subscriptionId: string, namespace: string): Promise<string> {
  const path = `/subscriptions/${subscriptionId}/providers/${namespace}`;
  return readAs(provider, await arm.get(path, providersApiVersion), "the resource provider").registrationState;
}
