/** Regions and zones: how a resource type answers if it is not offered in one. */
import { regionName } from "@bastion-trail/core/rules/region";
import { badRequest } from "./armError.ts";
import { publicRegion, regionNames, zonesOfRegion } from "./regions.ts";

/**
 * Returns the region's normalized name.
 * @throws ArmError `LocationNotAvailableForResourceType`, or `LocationNotAvailableForResourceGroup` for a resource
 * group.
 */
export function requireLocation(location: string, type: string): string {
  const name = publicRegion(location);
  if (name !== undefined) return name;
  const available = regionNames().join(",");
  if (type === "Microsoft.Resources/resourceGroups") {
    throw badRequest(
      "LocationNotAvailableForResourceGroup",
      `The provided location '${location}' is not available for resource group. List of available regions is '${available}'.`,
    );
  }
  throw badRequest(
    "LocationNotAvailableForResourceType",
    `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${available}'.`,
  );
}

/**
 * Checks the availability zones of a resource.
 * @throws ArmError `InvalidAvailabilityZone` or `LocationNotSupportAvailabilityZones`.
 */
export function requireZones(
  zones: readonly string[],
  resource: { location: string; type: string; name: string },
): void {
  if (zones.length === 0) return;
  const supported = zonesOfRegion(regionName(resource.location));
  const subject = `'${resource.type}/${resource.name}'`;
  if (supported.length === 0) {
    throw badRequest(
      "LocationNotSupportAvailabilityZones",
      `The resource ${subject} does not support availability zones at location '${resource.location}'.`,
    );
  }
  const unknown = zones.filter((zone) => !supported.includes(zone));
  if (unknown.length > 0) {
    throw badRequest(
      "InvalidAvailabilityZone",
      `The zone(s) '${unknown.join(",")}' for resource ${subject} is not supported. The supported zones for location '${resource.location}' are '${supported.join(",")}'`,
    );
  }
}
