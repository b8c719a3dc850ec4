import * as pulumi from "@pulumi/pulumi";

export interface AuditWorkspaceArgs {
  resourceGroupName: pulumi.Input<string>;
  location: pulumi.Input<string>;
  workspaceName?: pulumi.Input<string>;
  retentionDays?: pulumi.Input<number>;
  existingWorkspaceId?: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  lock?: "none" | "CanNotDelete" | "ReadOnly";
}

export class AuditWorkspace extends pulumi.ComponentResource {
  readonly workspaceId: pulumi.Output<string>;
  readonly customerId: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: AuditWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:AuditWorkspace", name, args, opts);
    throw new Error("Under construction.");
  }
}
