import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import type { Settings } from "../../settings.ts";
import type { SettingValues } from "../../settingValues.ts";

/** What is examined: a deployment, as far as the settings name its parts, or a whole subscription. */
export interface Subject extends Partial<Omit<SettingValues, "subscriptionId" | "tenantId">> {
  readonly subscriptionId: string;
}

/**
 * @param whole leaves out what the settings say of a deployment.
 * @throws UserError where not even a subscription is known.
 */
export async function subjectOf(settings: Settings, whole: boolean): Promise<Subject> {
  if (whole) {
    return { subscriptionId: await settings.need("subscriptionId") };
  }
  const bastionHostId = await settings.find("bastionHostId");
  const ofHost = bastionHostId === undefined ? undefined : parseResourceId(bastionHostId);
  // The host's own subscription: another one in the environment says nothing of the deployment.
  const subscriptionId = ofHost?.subscriptionId ?? (await settings.need("subscriptionId"));
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
