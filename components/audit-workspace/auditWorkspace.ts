import { getWorkspace, type GetWorkspaceResult } from "@pulumi/azure-native/operationalinsights/getWorkspace.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import * as operationalinsights from "@pulumi/azure-native/types/enums/operationalinsights/index.js";
import * as pulumi from "@pulumi/pulumi";
import { evidenceHook, keepsEvidence, shorterTime } from "../shared/evidenceChanges.ts";
import { accepted, type Lookup, lookUp } from "../shared/lookup.ts";
import { type LockLevel, lockResource } from "../resource-lock/resourceLock.ts";
import { orElse } from "../shared/orElse.ts";
import { componentType } from "../shared/componentType.ts";
import { checked, judged } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";
import {
  defaultWorkspaceDays,
  impossibleWorkspaceChanges,
  shorterWorkspaceRetention,
  workspaceLosses,
  workspaceProblems,
  type WorkspaceRequest,
} from "./workspaceRules.ts";

/** Arguments of {@link AuditWorkspace}. */
export interface AuditWorkspaceArgs {
  /** Resource group of the workspace to create. */
  resourceGroupName: pulumi.Input<string>;
  /**
   * Region of the workspace to create. It may differ from the Bastion host's: only storage must be in the same region.
   */
  location: pulumi.Input<string>;
  /**
   * Name of the workspace to create: 4 to 63 letters, digits and hyphens, starting and ending with a letter or digit.
   * Defaults to the component's name.
   */
  workspaceName?: pulumi.Input<string>;
  /**
   * Days for which logs can be queried: 30 to 730. Defaults to 90. The price of ingestion includes the first 31 days.
   */
  retentionDays?: pulumi.Input<number>;
  /**
   * ARM id of a workspace to use instead of creating one, in the provider's subscription. It keeps its own settings, so
   * `workspaceName` and `retentionDays` are not allowed.
   */
  existingWorkspaceId?: pulumi.Input<string>;
  /**
   * Whether a change may delete logs: a shorter retention, or an adopted workspace that replaces the created one.
   * Defaults to `false`: `pulumi preview` and `pulumi up` refuse such a change. A move (region, resource group, name)
   * is always refused.
   */
  allowEvidenceLoss?: boolean;
  /** Tags of the created workspace. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Lock on the created workspace. An adopted workspace is not locked. Defaults to `none`. */
  lock?: LockLevel;
}

const component = componentType<AuditWorkspaceArgs>("AuditWorkspace");

/**
 * The Log Analytics workspace in which the audit logs and the activity log can be queried. It is created
 * (pay-as-you-go, `PerGB2018`) or adopted.
 *
 * @example
 * const workspace = new AuditWorkspace("trail", { resourceGroupName: group.name, location: "westeurope" });
 *
 * @throws ValidationError that names every refused input, before any resource that uses it is created.
 */
export class AuditWorkspace extends pulumi.ComponentResource {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Output<string>;
  /** The workspace's GUID, which identifies it in query APIs. */
  readonly customerId: pulumi.Output<string>;
  /** Name of the workspace. */
  readonly name: pulumi.Output<string>;
  /** Region of the workspace. */
  readonly location: pulumi.Output<string>;

  constructor(name: string, args: AuditWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    super(
      component.token,
      name,
      recordedInputs(name, args),
      withoutVersionAliases(
        keepsEvidence(
          {
            subject: component.subject(name),
            keeps: "evidence",
            forbidden: impossibleWorkspaceChanges,
            losses: workspaceLosses,
            allowEvidenceLoss: args.allowEvidenceLoss,
          },
          opts,
        ),
      ),
    );
    const request = checkedRequest(name, args);
    const workspace =
      args.existingWorkspaceId === undefined
        ? createWorkspace(name, args, request, { parent: this })
        : adoptWorkspace(name, request, { parent: this });

    this.workspaceId = workspace.id;
    this.customerId = workspace.customerId;
    this.name = workspace.name;
    this.location = workspace.location;
    this.registerOutputs({
      workspaceId: this.workspaceId,
      customerId: this.customerId,
      name: this.name,
      location: this.location,
    });
  }
}

/**
 * Returns the inputs that a later deployment is compared with. An adopted workspace has its group among them, too: a change
 * that an EvidenceGroup refuses is then not refused a second time here.
 */
function recordedInputs(name: string, args: AuditWorkspaceArgs): pulumi.Inputs {
  const { existingWorkspaceId, resourceGroupName, location } = args;
  return existingWorkspaceId === undefined
    ? { resourceGroupName, location, workspaceName: args.workspaceName ?? name }
    : { resourceGroupName, existingWorkspaceId };
}

type Parent = Readonly<{ parent: AuditWorkspace }>;

function checkedRequest(name: string, given: AuditWorkspaceArgs) {
  const formed = component.formed(given);
  const { args } = formed;
  return checked<WorkspaceRequest>(
    component.subject(name),
    {
      workspaceName: args.existingWorkspaceId === undefined ? (args.workspaceName ?? name) : args.workspaceName,
      retentionDays: args.retentionDays,
      existingWorkspaceId: args.existingWorkspaceId,
    },
    workspaceProblems,
    formed,
    // Which settings an adopted workspace can have is known only with its id.
    (known) => (args.existingWorkspaceId === undefined ? workspaceProblems(known) : []),
  );
}

function createWorkspace(
  name: string,
  args: AuditWorkspaceArgs,
  request: ReturnType<typeof checkedRequest>,
  parent: Parent,
) {
  const workspace = new Workspace(
    `${name}-workspace`,
    {
      resourceGroupName: args.resourceGroupName,
      workspaceName: orElse(request.workspaceName, name),
      location: args.location,
      sku: { name: operationalinsights.WorkspaceSkuNameEnum.PerGB2018 },
      retentionInDays: orElse(request.retentionDays, defaultWorkspaceDays),
      tags: args.tags,
    },
    { ...parent, hooks: { beforeUpdate: [keepsRetention(name, args)] } },
  );
  lockResource(
    `${name}-workspace-lock`,
    { scope: workspace.id, level: args.lock, notes: "Holds the audit logs of Azure Bastion." },
    parent,
  );
  return workspace;
}

/**
 * The hook is on the resource because a refresh reads its retention from Azure: a retention that was raised there is
 * not lowered unnoticed.
 */
function keepsRetention(name: string, { allowEvidenceLoss }: AuditWorkspaceArgs): pulumi.ResourceHook {
  return evidenceHook({
    subject: component.subject(name),
    keeps: "retention",
    losses: (before, after) =>
      shorterTime("retentionDays", before.retentionInDays, after.retentionInDays, shorterWorkspaceRetention),
    allowEvidenceLoss,
  });
}

export function lookUpWorkspace(id: string, opts: pulumi.InvokeOptions): Promise<Lookup<GetWorkspaceResult>> {
  return lookUp("existingWorkspaceId", id, ({ resourceGroupName, name }) =>
    getWorkspace({ resourceGroupName, workspaceName: name }, opts),
  );
}

function adoptWorkspace(name: string, request: ReturnType<typeof checkedRequest>, parent: Parent) {
  const found = judged(request.existingWorkspaceId, async (id = "") =>
    accepted(component.subject(name), await lookUpWorkspace(id, parent), () => []),
  );
  return {
    id: found.apply((live) => live.id),
    customerId: found.apply((live) => live.customerId),
    name: found.apply((live) => live.name),
    location: found.apply((live) => live.location),
  };
}
