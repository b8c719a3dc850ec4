import { textAt } from "../bodies.ts";
import { normalizeLocation } from "../locations.ts";
import type { JsonObject, RequestContext } from "../model.ts";

/** How much of a quota a region's resources take, as `locations/{location}/usages` lists it. */
export interface Quota {
  readonly type: string;
  /** As the service names it, and as a person reads it. */
  readonly name: readonly [value: string, localizedValue: string];
  readonly limit: number;
}

/** Default limits of a subscription in a region (azure-docs, azure-subscription-service-limits.md). */
export function usagesOf(
  quotas: readonly Quota[],
  { store }: RequestContext,
  [location = ""]: readonly string[],
): JsonObject[] {
  return quotas.map(({ type, name: [value, localizedValue], limit }) => ({
    unit: "Count",
    currentValue: store
      .ofType(type)
      .filter(({ body }) => normalizeLocation(textAt(body, "location") ?? "") === normalizeLocation(location)).length,
    limit,
    name: { value, localizedValue },
  }));
}
