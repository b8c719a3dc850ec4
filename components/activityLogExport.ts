import * as pulumi from "@pulumi/pulumi";

export interface ActivityLogExportArgs {
  subscriptionId: pulumi.Input<string>;
  workspaceId: pulumi.Input<string>;
  storageAccountId: pulumi.Input<string>;
  settingName?: pulumi.Input<string>;
}

export class ActivityLogExport extends pulumi.ComponentResource {
  readonly settingName: pulumi.Output<string>;

  constructor(name: string, args: ActivityLogExportArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:ActivityLogExport", name, args, opts);
    throw new Error("Under construction.");
  }
}
