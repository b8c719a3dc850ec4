import * as pulumi from "@pulumi/pulumi";
import type { StorageReplication } from "./auditArchive.ts";

export interface RecordingContainerArgs {
  resourceGroupName: pulumi.Input<string>;
  location: pulumi.Input<string>;
  accountNamePrefix?: pulumi.Input<string>;
  replication?: pulumi.Input<StorageReplication>;
  containerName?: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  lock?: "none" | "CanNotDelete" | "ReadOnly";
}

export class RecordingContainer extends pulumi.ComponentResource {
  readonly accountId: pulumi.Output<string>;
  readonly accountName: pulumi.Output<string>;
  readonly containerName: pulumi.Output<string>;
  readonly containerUrl: pulumi.Output<string>;

  constructor(name: string, args: RecordingContainerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:RecordingContainer", name, args, opts);
    throw new Error("Under construction.");
  }
}
