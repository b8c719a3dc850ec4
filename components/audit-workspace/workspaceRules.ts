/** What a workspace for evidence must be, and how it may change. Pure rules; the resources are in auditWorkspace.ts. */
import { moveProblems } from "../shared/evidenceChanges.ts";
import { adoptedSettingProblems } from "../shared/adoptedSettings.ts";
import { idProblems } from "../shared/armId.ts";
import { type HookInputs, isGiven } from "../shared/hookInputs.ts";
import { isWholeNumberWithin, type Problem } from "../shared/problem.ts";

/** Default retention of a workspace, in days. */
export const defaultWorkspaceDays = 90;
/** Days for which Log Analytics can keep logs available for queries. */
export const workspaceDaysRange = { from: 30, to: 730 } as const;

/** The settings of one workspace. `undefined` means not given. */
export interface WorkspaceRequest {
  readonly workspaceName?: string;
  readonly retentionDays?: number;
  readonly existingWorkspaceId?: string;
}

/** Returns every reason to refuse the settings of a workspace. */
export function workspaceProblems({ workspaceName, retentionDays, existingWorkspaceId }: WorkspaceRequest): Problem[] {
  if (existingWorkspaceId !== undefined) {
    return [
      ...idProblems("existingWorkspaceId", existingWorkspaceId, "Microsoft.OperationalInsights/workspaces"),
      ...adoptedSettingProblems("workspace", "existingWorkspaceId", { workspaceName, retentionDays }),
    ];
  }
  const problems: Problem[] = [];
  const { from, to } = workspaceDaysRange;
  if (workspaceName === undefined || !/^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/.test(workspaceName)) {
    problems.push({
      key: "workspaceName",
      value: workspaceName,
      reason: "must be 4 to 63 letters, digits and hyphens, starting and ending with a letter or digit",
    });
  }
  if (retentionDays !== undefined && !isWholeNumberWithin(retentionDays, from, to)) {
    problems.push({
      key: "retentionDays",
      value: retentionDays,
      reason: `must be a whole number of days from ${from} to ${to}`,
    });
  }
  return problems;
}

/** Returns every move of a deployed workspace. */
export function impossibleWorkspaceChanges(from: HookInputs, to: HookInputs): Problem[] {
  if (isGiven(from.existingWorkspaceId) || isGiven(to.existingWorkspaceId)) return [];
  return moveProblems("the workspace", ["location", "resourceGroupName", "workspaceName"], from, to);
}

/**
 * Returns every change of a deployed workspace that loses logs, except a shorter retention, which is checked on the
 * resource.
 */
export function workspaceLosses(from: HookInputs, to: HookInputs): Problem[] {
  if (isGiven(from.existingWorkspaceId) || !isGiven(to.existingWorkspaceId)) return [];
  return [
    {
      key: "existingWorkspaceId",
      value: to.existingWorkspaceId,
      reason: "Azure would delete the workspace that this stack created, with all logs in it",
    },
  ];
}

/** Effect of a shorter retention. */
export const shorterWorkspaceRetention = "the workspace would delete logs";
