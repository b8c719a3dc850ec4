/** The parts of the ARM id of a resource in a resource group. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  /**
   * For example `Microsoft.Storage/storageAccounts`; a child type has more segments. In its original case: compare
   * case-insensitively.
   */
  readonly type: string;
  /** Name of the resource itself: the id's last segment. */
  readonly name: string;
}

/** The beginning of the id of anything in a subscription, as a regular expression for JavaScript and DuckDB, without case. */
export const subscriptionForm = "^/subscriptions/([^/]+)";

/** Returns the ARM id of a subscription's plan for Defender for Servers (Defender for Cloud, REST reference "Pricings"). */
export function serversPlanId(subscriptionId: string): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Security/pricings/VirtualMachines`;
}

/** Returns the id of the subscription in an ARM id; `undefined` if it has none. */
export function subscriptionOf(id: string): string | undefined {
  return new RegExp(subscriptionForm, "i").exec(id)?.[1];
}

/** Returns the ARM id of the resource group that a resource is in; `undefined` if it is in none. */
export function resourceGroupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];
}

/**
 * Parses an ARM id of the form
 * `/subscriptions/S/resourceGroups/G/providers/Namespace/type/name[/childType/childName...]`. ARM ids are
 * case-insensitive, so the fixed words can be in any case.
 *
 * @returns `undefined` for anything else.
 */
export function parseResourceId(id: string): ResourceId | undefined {
  const match =
    /^\/subscriptions\/(?<subscription>[^/]+)\/resourceGroups\/(?<group>[^/]+)\/providers\/(?<namespace>[^/]+)\/(?<rest>[^/]+\/[^/]+(?:\/[^/]+\/[^/]+)*)$/i.exec(
      id,
    );
  const { subscription, group, namespace, rest } = match?.groups ?? {};
  if (subscription === undefined || group === undefined || namespace === undefined || rest === undefined) {
    return undefined;
  }
  const segments = rest.split("/");
  const types = segments.filter((_, index) => index % 2 === 0);
  return {
    subscriptionId: subscription,
    resourceGroupName: group,
    type: [namespace, ...types].join("/"),
    name: segments.at(-1) ?? "",
  };
}
