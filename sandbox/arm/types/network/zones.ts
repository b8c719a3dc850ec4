import { badRequest } from "../../armError.ts";
import { textAt, textsAt } from "../../json.ts";
import { requireZones } from "../../locations.ts";
import type { PutContext } from "../../requestContext.ts";

/**
 * Checks the availability zones of a resource, which cannot be changed.
 * @throws ArmError `InvalidAvailabilityZone`, `LocationNotSupportAvailabilityZones`,
 * `ResourceAvailabilityZonesCannotBeModified`.
 */
export function checkZones({ id, name, body, existing }: PutContext, type: string): void {
  const after = textsAt(body, "zones");
  requireZones(after, { location: textAt(body, "location") ?? "", type, name });
  if (existing === undefined) return;
  const before = textsAt(existing.body, "zones");
  if ([...before].sort().join() === [...after].sort().join()) return;
  throw badRequest(
    "ResourceAvailabilityZonesCannotBeModified",
    `Resource ${id} has an existing availability zone constraint ${phrase(before)} and the request has availability zone constraint ${phrase(after)}, which do not match. Zones cannot be added/updated/removed once the resource is created. The resource cannot be updated from regional to zonal or vice-versa.`,
  );
}

function phrase(zones: readonly string[]): string {
  return zones.length === 0 ? "NoZone" : zones.join(", ");
}
