import { archives, auditSettings, bastionHosts } from "../bastion.ts";
import { type AzureResource, type Deployment, leadsTo, ofType } from "../deployment.ts";
import type { StackPolicy } from "../policy.ts";

interface Config {
  readonly protect: boolean;
  readonly lock: boolean;
}

export const evidenceGuarded: StackPolicy<Config> = {
  name: "evidence-guarded",
  description: "The storage account and the workspace of the audit logs are protected and locked, if that is required.",
  config: {
    protect: { type: "boolean", default: false, description: "Whether they must have Pulumi's option protect." },
    lock: {
      type: "boolean",
      default: false,
      description: "Whether they, or their resource groups, must have a management lock.",
    },
  },
  judge: (deployment, { protect, lock }) =>
    [...archives(deployment), ...workspaces(deployment)].flatMap((resource) => [
      ...(protect && !resource.isProtected
        ? [{ resource, message: "It holds audit logs and is not protected: set the resource option protect." }]
        : []),
      ...(lock && !isLocked(deployment, resource)
        ? [{ resource, message: "It holds audit logs and has no management lock, nor has its resource group." }]
        : []),
    ]),
};

function workspaces(deployment: Deployment): AzureResource[] {
  const settings = bastionHosts(deployment).flatMap((host) => auditSettings(deployment, host));
  return ofType(deployment, "operationalinsights:Workspace").filter((workspace) =>
    settings.some((setting) => leadsTo(setting, "workspaceId", workspace, setting.properties.workspaceId)),
  );
}

/** Types of locks, and the input that names what each of them is on. A lock on the subscription is on everything. */
const lockTypes = [
  ["authorization:ManagementLockByScope", "scope"],
  ["authorization:ManagementLockAtResourceLevel", "resourceName"],
  ["authorization:ManagementLockAtResourceGroupLevel", "resourceGroupName"],
] as const;

function isLocked(deployment: Deployment, resource: AzureResource): boolean {
  const guarded = [resource, ...resource.madeFrom("resourceGroupName")];
  return (
    ofType(deployment, "authorization:ManagementLockAtSubscriptionLevel").length > 0 ||
    lockTypes.some(([type, input]) =>
      ofType(deployment, type).some((lock) => guarded.some((target) => leadsTo(lock, input, target))),
    )
  );
}
