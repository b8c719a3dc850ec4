import { badRequest } from "../../armError.ts";

/**
 * Refuses a change of availability zones.
 * @throws ArmError `ResourceAvailabilityZonesCannotBeModified`.
 */
export function checkZonesKept(id: string, before: readonly string[], after: readonly string[]): void {
  if ([...before].sort().join() === [...after].sort().join()) return;
  throw badRequest(
    "ResourceAvailabilityZonesCannotBeModified",
    `Resource ${id} has an existing availability zone constraint ${phrase(before)} and the request has availability zone constraint ${phrase(after)}, which do not match. Zones cannot be added/updated/removed once the resource is created. The resource cannot be updated from regional to zonal or vice-versa.`,
  );
}

function phrase(zones: readonly string[]): string {
  return zones.length === 0 ? "NoZone" : zones.join(", ");
}
