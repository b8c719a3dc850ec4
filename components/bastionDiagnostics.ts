import * as pulumi from "@pulumi/pulumi";

export interface BastionDiagnosticsArgs {
  bastionHostId: pulumi.Input<string>;
  workspaceId: pulumi.Input<string>;
  storageAccountId: pulumi.Input<string>;
}

export class BastionDiagnostics extends pulumi.ComponentResource {
  readonly settingName: pulumi.Output<string>;

  constructor(name: string, args: BastionDiagnosticsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:BastionDiagnostics", name, args, opts);
    throw new Error("Under construction.");
  }
}
