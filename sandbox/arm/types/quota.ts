import { regionName } from "@bastion-trail/core/rules/region";
import { textAt, type JsonObject } from "../json.ts";
import type { RequestContext } from "../requestContext.ts";

/** Use of a quota by a region's resources, as listed by `locations/{location}/usages`. */
export interface Quota {
  readonly type: string;
  /** Name in the service, and its display name. */
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
      .filter(({ body }) => regionName(textAt(body, "location") ?? "") === regionName(location)).length,
    limit,
    name: { value, localizedValue },
  }));
}
