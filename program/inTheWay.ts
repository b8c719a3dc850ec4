/**
 * What exists in Azure already and would be in the way of a deployment, which would then fail halfway: diagnostic settings
 * and flow logs of what the stack adopts, and of the subscription.
 */
import { exportedCategories } from "@bastion-trail/components/activity-log-export/activityLogExport";
import { auditSettingName } from "@bastion-trail/components/bastion-diagnostics/bastionDiagnostics";
import { FlowLogDestination } from "@bastion-trail/components/flow-logs/flowLogRules";
import { defaultWatcher } from "@bastion-trail/components/flow-logs/networkWatcher";
import type { ArmClient } from "@bastion-trail/components/shared/armClient";
import { isSame } from "@bastion-trail/components/shared/armId";
import type { Problem } from "@bastion-trail/components/shared/problem";
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import type { TrailConfig } from "./config/index.ts";
import { list } from "./azureList.ts";

/** A diagnostic setting, as Azure lists it. */
interface DiagnosticSetting {
  readonly name?: string;
  readonly properties?: {
    readonly workspaceId?: string | null;
    readonly storageAccountId?: string | null;
    readonly logs?: readonly { readonly category?: string | null; readonly enabled?: boolean }[];
  };
}

/** A flow log, as Azure lists it. */
interface FlowLog {
  readonly id?: string;
  readonly properties?: { readonly targetResourceId?: string; readonly storageId?: string };
}

/**
 * Returns every reason why Azure would refuse what the stack's first deployment is about to create, by config key without namespace.
 * What cannot be listed is left to Azure.
 */
export async function problemsInTheWay(
  config: TrailConfig,
  subscriptionId: string,
  arm: ArmClient,
): Promise<readonly Problem[]> {
  const found = await Promise.all([
    auditSettingProblems(config, arm),
    exportSettingProblems(config, subscriptionId, arm),
    flowLogsInTheWay(config, subscriptionId, arm),
  ]);
  return found.flat();
}

function settingsOf(arm: ArmClient, id: string): Promise<readonly DiagnosticSetting[]> {
  return list(arm, `${id}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview`);
}

async function auditSettingProblems(config: TrailConfig, arm: ArmClient): Promise<Problem[]> {
  const { existingBastionHostId: hostId } = config.bastion;
  if (!config.audit || hostId === undefined) return [];
  return settingProblems(config, await settingsOf(arm, hostId), {
    key: "audit",
    owner: "the Bastion host",
    name: auditSettingName,
    rename: "",
    categories: [auditCategory],
  });
}

async function exportSettingProblems(config: TrailConfig, subscriptionId: string, arm: ArmClient): Promise<Problem[]> {
  if (!config.activityLogExport) return [];
  return settingProblems(config, await settingsOf(arm, `/subscriptions/${subscriptionId}`), {
    key: "activityLogExport",
    owner: "the subscription",
    name: config.namePrefix,
    rename: ", choose another namePrefix",
    categories: exportedCategories,
  });
}

/** The setting that the stack would create. */
interface WantedSetting {
  /** Config key that asks for it. */
  readonly key: string;
  readonly owner: string;
  readonly name: string;
  /** How to avoid the name, as a clause; empty if it is fixed. */
  readonly rename: string;
  readonly categories: readonly string[];
}

/** Azure allows five settings of a resource (diagnostic-settings.md). */
const mostSettings = 5;

function settingProblems(
  { archive, workspace, namePrefix }: TrailConfig,
  present: readonly DiagnosticSetting[],
  { key, owner, name, rename, categories }: WantedSetting,
): Problem[] {
  const isLeft = ({ properties }: DiagnosticSetting): boolean =>
    [properties?.workspaceId, properties?.storageAccountId].some((id) => isInGroup(id, namePrefix));
  if (present.some(isLeft)) return [];
  const names = present.map((setting) => setting.name ?? "");
  if (names.some((other) => isSame(other, name))) {
    const reason = `${owner} already has a diagnostic setting ${name}, such as that of another stack; delete it${rename}, or set ${key} to false`;
    return [{ key, value: true, reason }];
  }
  if (present.length >= mostSettings) {
    const reason = `${owner} already has ${present.length} diagnostic settings (${names.join(", ")}), and Azure allows ${mostSettings}; delete one, or set ${key} to false`;
    return [{ key, value: true, reason }];
  }
  // No two settings of a resource may send the same category to the same destination (409, "Data sink is already used").
  return present.flatMap(({ name: other = "", properties = {} }) => {
    const theirs = (properties.logs ?? []).filter(({ enabled }) => enabled === true).map(({ category }) => category);
    const shared = categories.filter((category) => theirs.includes(category));
    if (shared.length === 0) return [];
    const reason = `the diagnostic setting ${other} of ${owner} already sends ${shared.join(" and ")} there, and Azure does not accept a second one; delete it, use another destination, or set ${key} to false`;
    return [
      ...sameDestination("existingWorkspaceId", workspace.existingWorkspaceId, properties.workspaceId, reason),
      ...sameDestination(
        "existingStorageAccountId",
        archive.existingStorageAccountId,
        properties.storageAccountId,
        reason,
      ),
    ];
  });
}

function sameDestination(
  key: string,
  wanted: string | undefined,
  used: string | null | undefined,
  reason: string,
): Problem[] {
  return wanted !== undefined && isSame(used ?? undefined, wanted) ? [{ key, value: wanted, reason }] : [];
}

/**
 * Whether a destination is in the stack's own resource group. If the group is missing, somebody has deleted it, and what
 * sends logs there is the stack's own.
 */
function isInGroup(id: string | null | undefined, resourceGroupName: string): boolean {
  return isSame(parseResourceId(id ?? "")?.resourceGroupName, resourceGroupName);
}

interface AdoptedSubnet {
  /** Config key that names it. */
  readonly key: string;
  readonly id: string;
}

/** Returns the adopted subnets that get a flow log. */
function loggedSubnets({ flowLogs, network, vms }: TrailConfig): AdoptedSubnet[] {
  if (flowLogs.destination === FlowLogDestination.Off) return [];
  return [
    { key: "existingVmSubnetId", id: network.existingVmSubnetId },
    ...vms.map(({ subnetId }, index) => ({ key: `vms[${index}].subnetId`, id: subnetId })),
  ].flatMap(({ key, id }) => (id === undefined ? [] : [{ key, id }]));
}

/** Whether a flow log of somebody else may be in the way. */
export function mayMeetFlowLogs(config: TrailConfig): boolean {
  return loggedSubnets(config).length > 0;
}

/**
 * Azure allows one flow log of a subnet. A later deployment that moves to another subnet would delete the flow log of the
 * first before Azure refuses that of the second.
 */
export async function flowLogsInTheWay(
  config: TrailConfig,
  subscriptionId: string,
  arm: ArmClient,
): Promise<Problem[]> {
  if (!mayMeetFlowLogs(config)) return [];
  const { flowLogs, location, namePrefix } = config;
  const { resourceGroupName, name } = defaultWatcher(location);
  const watcherId =
    flowLogs.networkWatcherId ??
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.Network/networkWatchers/${name}`;
  const present = await list<FlowLog>(arm, `${watcherId}/flowLogs?api-version=2024-05-01`);
  const theirs = present.filter(({ properties }) => !isInGroup(properties?.storageId, namePrefix));
  return loggedSubnets(config).flatMap(({ key, id }) => {
    const log = theirs.find(({ properties }) => isSame(properties?.targetResourceId, id));
    const reason = `it already has the flow log ${log?.id ?? ""}, and Azure allows one; delete it, or set flowLogs to off`;
    return log === undefined ? [] : [{ key, value: id, reason }];
  });
}
