import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import type { Settings } from "../../settings/settings.ts";
import type { SettingValues } from "../../settings/settingValues.ts";

/** What to examine: a deployment, as far as the settings describe it, or a whole subscription. */
export interface Subject extends Partial<Omit<SettingValues, "subscriptionId" | "tenantId">> {
  readonly subscriptionId: string;
}

/**
 * @param whole ignores the settings of a deployment.
 * @throws UserError if not even a subscription is known.
 */
export async function subjectOf(settings: Settings, whole: boolean): Promise<Subject> {
  if (whole) {
    return { subscriptionId: await settings.need("subscriptionId") };
  }
  const bastionHostId = await settings.find("bastionHostId");
  const ofHost = bastionHostId === undefined ? undefined : subscriptionOf(bastionHostId);
  // The host's own subscription, because one in the environment may belong to something else.
  const subscriptionId = ofHost ?? (await settings.need("subscriptionId"));
  if (bastionHostId === undefined) {
    return { subscriptionId };
  }
  const others = ["archive", "activityLogArchive", "workspaceId", "workspaceCustomerId", "vms"] as const;
  const known = await Promise.all(
    others.map(async (name) => [name, await settings.find(name, bastionHostId)] as const),
  );
  return {
    subscriptionId,
    bastionHostId,
    ...(Object.fromEntries(known.filter(([, value]) => value !== undefined)) as Partial<SettingValues>),
  };
}
