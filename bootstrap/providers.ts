/** The resource providers of a subscription. */
import { setTimeout as delay } from "node:timers/promises";
import type { ArmClient } from "@bastion-trail/components/shared/armClient";
import { withRetries } from "@bastion-trail/components/shared/armRequest";
import { ArmTask } from "@bastion-trail/components/shared/armTask";
import { providerNamespaces, type ProviderNamespace } from "./place.ts";

/** Arguments of the registration of a resource provider. */
export interface ProviderArgs {
  /** `/subscriptions/SUBSCRIPTION/providers/NAMESPACE` */
  readonly providerId: string;
}

/** Milliseconds between two reads of a registration. */
const pollMs = 2000;
/** A registration takes minutes at most (error-register-resource-provider.md). */
const patienceMinutes = 15;

/**
 * Registers every provider that is not registered yet. They stay registered after `pulumi destroy`, because others may
 * use them.
 */
export function registeredProviders(
  subscriptionId: string,
): Readonly<Record<ProviderNamespace, ArmTask<ProviderArgs>>> {
  const entries = providerNamespaces.map((namespace) => {
    const providerId = `/subscriptions/${subscriptionId}/providers/${namespace}`;
    return [
      namespace,
      new ArmTask<ProviderArgs>({ id: "providerId", work: register }, namespace, { providerId }, {}),
    ] as const;
  });
  return Object.fromEntries(entries) as Record<ProviderNamespace, ArmTask<ProviderArgs>>;
}

/**
 * Registers a provider and waits until it is registered.
 * @throws Error if it is still not registered after `patienceMinutes`.
 */
export async function register({ providerId }: ProviderArgs, arm: ArmClient): Promise<void> {
  const end = Date.now() + patienceMinutes * 60_000;
  const read = (): Promise<unknown> => withRetries(() => arm.send("GET", `${providerId}?api-version=2021-04-01`));
  let provider = await read();
  if (isRegistered(provider)) return;
  provider = await withRetries(() => arm.send("POST", `${providerId}/register?api-version=2021-04-01`));
  while (!isRegistered(provider)) {
    if (Date.now() > end)
      throw new Error(`${providerId} is still not registered after ${patienceMinutes} minutes. Run it again later.`);
    await delay(pollMs);
    provider = await read();
  }
}

function isRegistered(provider: unknown): boolean {
  return (provider as { registrationState?: string }).registrationState === "Registered";
}
