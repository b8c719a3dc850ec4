import { getWorkspaceOutput } from "@pulumi/azure-native/operationalinsights/getWorkspace.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import * as operationalinsights from "@pulumi/azure-native/types/enums/operationalinsights/index.js";
import * as pulumi from "@pulumi/pulumi";
import { parseResourceId } from "../links/resourceId.ts";
import { type LockLevel, lockResource } from "./resourceLock.ts";
import { checked, type Problem } from "./validate.ts";
import { resourceIdProblems } from "./storageRules.ts";
import { withoutVersionAliases } from "./versionAliases.ts";

/** What {@link AuditWorkspace} is made from. */
export interface AuditWorkspaceArgs {
  /** Resource group of the workspace to create. */
  resourceGroupName: pulumi.Input<string>;
  /** Region of the workspace to create. It may differ from the Bastion host's: only storage must be in the same one. */
  location: pulumi.Input<string>;
  /**
   * Name of the workspace to create: 4 to 63 letters, digits and hyphens, a letter or digit first and last.
   * @default the component's name
   */
  workspaceName?: pulumi.Input<string> | undefined;
  /**
   * Days for which logs can be queried: 30 to 730. The first 31 are in the price of ingestion.
   * @default 90
   */
  retentionDays?: pulumi.Input<number> | undefined;
  /**
   * ARM id of a workspace to use instead of creating one, in the provider's subscription. It keeps its own settings, so no
   * name and no retention may be given.
   */
  existingWorkspaceId?: pulumi.Input<string> | undefined;
  /**
   * Tags of the created workspace.
   * @default none
   */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * Lock on the created workspace. An adopted one is not locked.
   * @default `none`
   */
  lock?: LockLevel | undefined;
}

const defaultRetentionDays = 90;

/**
 * The Log Analytics workspace in which the audit logs and the activity log can be queried, created (pay-as-you-go,
 * `PerGB2018`) or adopted.
 *
 * @example
 * const workspace = new AuditWorkspace("trail", { resourceGroupName: group.name, location: "westeurope" });
 *
 * @throws ValidationError that names every refused input, before any resource that uses it is created.
 */
export class AuditWorkspace extends pulumi.ComponentResource {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Output<string>;
  /** The workspace's own GUID, by which query APIs know it. */
  readonly customerId: pulumi.Output<string>;
  /** Name of the workspace. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: AuditWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:AuditWorkspace", name, {}, withoutVersionAliases(opts));
    const request = checkedRequest(name, args);
    const workspace =
      args.existingWorkspaceId === undefined
        ? createdWorkspace(name, args, request, { parent: this })
        : adoptedWorkspace(request, { parent: this });

    this.workspaceId = workspace.id;
    this.customerId = workspace.customerId;
    this.name = workspace.name;
    this.registerOutputs({ workspaceId: this.workspaceId, customerId: this.customerId, name: this.name });
  }
}

interface WorkspaceRequest {
  readonly workspaceName?: string | undefined;
  readonly retentionDays?: number | undefined;
  readonly existingWorkspaceId?: string | undefined;
}

type Parent = Readonly<{ parent: AuditWorkspace }>;

function checkedRequest(name: string, args: AuditWorkspaceArgs) {
  return checked<WorkspaceRequest>(
    `AuditWorkspace "${name}"`,
    {
      workspaceName: args.existingWorkspaceId === undefined ? (args.workspaceName ?? name) : args.workspaceName,
      retentionDays: args.retentionDays,
      existingWorkspaceId: args.existingWorkspaceId,
    },
    workspaceProblems,
  );
}

/** Every reason to refuse a workspace as it was asked for. */
function workspaceProblems({ workspaceName, retentionDays, existingWorkspaceId }: WorkspaceRequest): Problem[] {
  if (existingWorkspaceId !== undefined) {
    return [
      ...resourceIdProblems("existingWorkspaceId", existingWorkspaceId, "Microsoft.OperationalInsights/workspaces"),
      ...Object.entries({ workspaceName, retentionDays }).flatMap(([key, value]) =>
        value === undefined
          ? []
          : [
              {
                key,
                value,
                reason: "not allowed with existingWorkspaceId: an adopted workspace keeps its own settings",
              },
            ],
      ),
    ];
  }
  const problems: Problem[] = [];
  if (workspaceName === undefined || !/^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/.test(workspaceName)) {
    problems.push({
      key: "workspaceName",
      value: workspaceName,
      reason: "must be 4 to 63 letters, digits and hyphens, starting and ending with a letter or digit",
    });
  }
  if (
    retentionDays !== undefined &&
    !(Number.isInteger(retentionDays) && retentionDays >= 30 && retentionDays <= 730)
  ) {
    problems.push({
      key: "retentionDays",
      value: retentionDays,
      reason: "must be a whole number of days from 30 to 730",
    });
  }
  return problems;
}

function createdWorkspace(
  name: string,
  args: AuditWorkspaceArgs,
  request: ReturnType<typeof checkedRequest>,
  parent: Parent,
) {
  const workspace = new Workspace(
    `${name}-workspace`,
    {
      resourceGroupName: args.resourceGroupName,
      workspaceName: pulumi.output(request.workspaceName).apply((given) => given ?? name),
      location: args.location,
      sku: { name: operationalinsights.WorkspaceSkuNameEnum.PerGB2018 },
      retentionInDays: pulumi.output(request.retentionDays).apply((days) => days ?? defaultRetentionDays),
      tags: args.tags,
    },
    parent,
  );
  lockResource(
    `${name}-workspace-lock`,
    { scope: workspace.id, level: args.lock, notes: "Holds the audit logs of Azure Bastion." },
    parent,
  );
  return workspace;
}

function adoptedWorkspace(request: ReturnType<typeof checkedRequest>, parent: Parent) {
  const id = pulumi.output(request.existingWorkspaceId).apply((given) => parseResourceId(given ?? ""));
  return getWorkspaceOutput(
    {
      resourceGroupName: id.apply((parts) => parts?.resourceGroupName ?? ""),
      workspaceName: id.apply((parts) => parts?.name ?? ""),
    },
    parent,
  );
}
