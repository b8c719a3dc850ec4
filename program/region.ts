/** Whether the subscription has the region of a first deployment, and the region has the zones that the config uses. */
import type { ArmClient } from "@bastion-trail/components/shared/armClient";
import type { Problem } from "@bastion-trail/components/shared/problem";
import { isZoneRedundant } from "@bastion-trail/components/shared/storageRules";
import { suggestion } from "@bastion-trail/core/rules/similarNames";
import type { TrailConfig } from "./config/index.ts";
import { list } from "./azureList.ts";

/** A region, as Azure lists it ("Subscriptions - List Locations"). */
interface Region {
  readonly name?: string;
  /** A logical region, such as `europe`, holds no resources. */
  readonly metadata?: { readonly regionType?: string };
  /** Missing if the region has no availability zones. */
  readonly availabilityZoneMappings?: readonly unknown[] | null;
}

/** Returns every reason to refuse the config's region, by config key without namespace; none if regions cannot be listed. */
export async function regionProblems(
  { location, bastion, archive, vms }: TrailConfig,
  subscriptionId: string,
  arm: ArmClient,
): Promise<readonly Problem[]> {
  const listed = await list<Region>(arm, `/subscriptions/${subscriptionId}/locations?api-version=2022-12-01`);
  const regions = listed.filter(({ metadata }) => metadata?.regionType !== "Logical");
  const names = regions.flatMap(({ name }) => name ?? []);
  const region = regions.find(({ name }) => name === location);
  if (region === undefined) {
    const reason = `the subscription has no such region${suggestion(location, names)}`;
    return names.length === 0 ? [] : [{ key: "location", value: location, reason }];
  }
  if ((region.availabilityZoneMappings ?? []).length > 0) return [];
  const reason = `${location} has no availability zones; remove it, or choose another region`;
  return [
    ...(bastion.zones === undefined ? [] : [{ key: "bastionZones", value: bastion.zones, reason }]),
    ...(archive.replication !== undefined && isZoneRedundant(archive.replication)
      ? [{ key: "archiveReplication", value: archive.replication, reason }]
      : []),
    ...vms.flatMap(({ zone }, index) =>
      zone === undefined ? [] : [{ key: `vms[${index}].zone`, value: zone, reason }],
    ),
  ];
}
