import { regionName } from "@bastion-trail/core/rules/region";
import type { JsonObject } from "./json.ts";

/** Azure's public regions: name, display name, geography group, paired region. A region with `zones` has availability zones. */
const rows = `
eastus|East US|US|westus|zones
eastus2|East US 2|US|centralus|zones
centralus|Central US|US|eastus2|zones
northcentralus|North Central US|US|southcentralus|
southcentralus|South Central US|US|northcentralus|zones
westcentralus|West Central US|US|westus2|
westus|West US|US|eastus|
westus2|West US 2|US|westcentralus|zones
westus3|West US 3|US|eastus|zones
canadacentral|Canada Central|Canada|canadaeast|zones
canadaeast|Canada East|Canada|canadacentral|
brazilsouth|Brazil South|South America|southcentralus|zones
mexicocentral|Mexico Central|Mexico||zones
northeurope|North Europe|Europe|westeurope|zones
westeurope|West Europe|Europe|northeurope|zones
uksouth|UK South|Europe|ukwest|zones
ukwest|UK West|Europe|uksouth|
francecentral|France Central|Europe|francesouth|zones
germanywestcentral|Germany West Central|Europe|germanynorth|zones
italynorth|Italy North|Europe||zones
norwayeast|Norway East|Europe|norwaywest|zones
polandcentral|Poland Central|Europe||zones
spaincentral|Spain Central|Europe||zones
swedencentral|Sweden Central|Europe|swedensouth|zones
switzerlandnorth|Switzerland North|Europe|switzerlandwest|zones
switzerlandwest|Switzerland West|Europe|switzerlandnorth|
eastasia|East Asia|Asia Pacific|southeastasia|zones
southeastasia|Southeast Asia|Asia Pacific|eastasia|zones
australiaeast|Australia East|Asia Pacific|australiasoutheast|zones
australiasoutheast|Australia Southeast|Asia Pacific|australiaeast|
australiacentral|Australia Central|Asia Pacific|australiacentral2|
japaneast|Japan East|Asia Pacific|japanwest|zones
japanwest|Japan West|Asia Pacific|japaneast|
koreacentral|Korea Central|Asia Pacific|koreasouth|zones
koreasouth|Korea South|Asia Pacific|koreacentral|
newzealandnorth|New Zealand North|Asia Pacific||zones
centralindia|Central India|Asia Pacific|southindia|zones
southindia|South India|Asia Pacific|centralindia|
westindia|West India|Asia Pacific|southindia|
israelcentral|Israel Central|Middle East||zones
qatarcentral|Qatar Central|Middle East||zones
uaenorth|UAE North|Middle East|uaecentral|zones
southafricanorth|South Africa North|Africa|southafricawest|zones
`;

interface Region {
  readonly name: string;
  readonly displayName: string;
  readonly geographyGroup: string;
  readonly pairedRegion: string | undefined;
  readonly zones: boolean;
}

const regions: readonly Region[] = rows
  .trim()
  .split("\n")
  .map((row) => {
    const [name = "", displayName = "", geographyGroup = "", pairedRegion = "", zones] = row.split("|");
    return {
      name,
      displayName,
      geographyGroup,
      pairedRegion: pairedRegion === "" ? undefined : pairedRegion,
      zones: zones === "zones",
    };
  });
const names = new Set(regions.map(({ name }) => name));

/**
 * Returns the name of a region from its name or display name ("West Europe"); undefined if Azure has no such region.
 */
export function publicRegion(location: string): string | undefined {
  const name = regionName(location);
  return names.has(name) ? name : undefined;
}

/** Returns the availability zones of a region; none if it has no zones. */
export function zonesOfRegion(name: string): readonly string[] {
  return regions.some((region) => region.name === name && region.zones) ? ["1", "2", "3"] : [];
}

/** Names of all regions. */
export function regionNames(): string[] {
  return [...names];
}

/** Returns the display names of all regions, as in a provider's `locations`. */
export function regionDisplayNames(): string[] {
  return regions.map(({ displayName }) => displayName);
}

/** Returns the body of `GET /subscriptions/{id}/locations`. */
export function renderRegions(subscriptionId: string): JsonObject[] {
  return regions.map((region) => ({
    id: `/subscriptions/${subscriptionId}/locations/${region.name}`,
    name: region.name,
    type: "Region",
    displayName: region.displayName,
    regionalDisplayName: `(${region.geographyGroup}) ${region.displayName}`,
    metadata: {
      regionType: "Physical",
      regionCategory: "Recommended",
      geographyGroup: region.geographyGroup,
      pairedRegion:
        region.pairedRegion === undefined
          ? []
          : [{ name: region.pairedRegion, id: `/subscriptions/${subscriptionId}/locations/${region.pairedRegion}` }],
    },
    ...(region.zones
      ? {
          availabilityZoneMappings: ["1", "2", "3"].map((zone) => ({
            logicalZone: zone,
            physicalZone: `${region.name}-az${zone}`,
          })),
        }
      : {}),
  }));
}
