/** Determines the subscription to prepare. */
import * as v from "valibot";
import { subscriptionsApiVersion } from "../../azure/apiVersions.ts";
import type { ArmClient } from "../../azure/armClient.ts";
import { isNotFound } from "../../azure/failure.ts";
import { readAs } from "../../azure/read.ts";
import { didYouMean } from "../../names/didYouMean.ts";
import { UserError } from "../../errors.ts";
import type { Environment } from "../../io.ts";
import { settingVariables } from "../../settings/settingLayers.ts";

const subscription = v.object({
  subscriptionId: v.string(),
  displayName: v.string(),
  tenantId: v.optional(v.string(), ""),
  state: v.string(),
});
export type Subscription = v.InferOutput<typeof subscription>;

export interface SubscriptionChoice {
  /** `--subscription`. */
  readonly given: string | undefined;
  /** The subscription in the stack file. */
  readonly recorded: string | undefined;
  readonly env: Environment;
}

/**
 * Returns the given subscription, else the one recorded in the stack file, else the one in the environment, else the
 * only one visible to the caller.
 * @throws `UserError` if there is none or more than one, or if the recorded one differs from the given one.
 */
export async function findSubscription(
  arm: ArmClient,
  { given, recorded, env }: SubscriptionChoice,
): Promise<Subscription> {
  if (given !== undefined && recorded !== undefined && given.toLowerCase() !== recorded.toLowerCase()) {
    throw new UserError(
      `The stack file names the subscription ${recorded}, and --subscription ${given}.`,
      "Leave --subscription out, or pass another --stack.",
    );
  }
  const named = given ?? recorded ?? settingVariables.subscriptionId.map((name) => env[name]).find(Boolean);
  const found = named === undefined ? await onlySubscription(arm) : await readSubscription(arm, named);
  if (found.state !== "Enabled") {
    throw new UserError(
      `The subscription ${label(found)} is ${found.state}, not Enabled.`,
      "Pass another one with --subscription.",
    );
  }
  return found;
}

/** `'Contoso dev' (GUID)` */
export function label({ displayName, subscriptionId }: Subscription): string {
  return `'${displayName}' (${subscriptionId})`;
}

async function readSubscription(arm: ArmClient, id: string): Promise<Subscription> {
  try {
    return readAs(subscription, await arm.get(`/subscriptions/${id}`, subscriptionsApiVersion), "the subscription");
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new UserError(
      `You have no access to the subscription ${id}, or there is none.`,
      "Check it, or run `az login` in its tenant.",
      {
        cause: error,
      },
    );
  }
}

async function onlySubscription(arm: ArmClient): Promise<Subscription> {
  const all: Subscription[] = [];
  for await (const one of arm.list("/subscriptions", subscriptionsApiVersion)) {
    const parsed = readAs(subscription, one, "the subscriptions");
    if (parsed.state === "Enabled") all.push(parsed);
  }
  const [first, ...others] = all;
  if (first === undefined) {
    throw new UserError("The signed-in account has no subscription.", "Run `az login` with an account that has one.");
  }
  if (others.length === 0) return first;
  throw new UserError(
    `No subscription given, and you have ${all.length}: ${all.map(label).join(", ")}.`,
    "Pass one with --subscription.",
  );
}

const locations = v.object({ value: v.array(v.object({ name: v.string() })) });

/** @throws `UserError` if the subscription does not have the location. */
export async function checkLocation(arm: ArmClient, { subscriptionId }: Subscription, location: string): Promise<void> {
  const answer = await arm.get(`/subscriptions/${subscriptionId}/locations`, subscriptionsApiVersion);
  const names = readAs(locations, answer, "the locations").value.map(({ name }) => name);
  if (names.includes(location)) return;
  throw new UserError(
    `The subscription has no location '${location}'.`,
    didYouMean(location, names) || "List them with `az account list-locations --query '[].name'`.",
  );
}
