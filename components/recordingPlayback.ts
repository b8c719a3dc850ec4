import * as pulumi from "@pulumi/pulumi";

export interface RecordingPlaybackArgs {
  resourceGroupName: pulumi.Input<string>;
  accountName: pulumi.Input<string>;
  bastionDnsName: pulumi.Input<string>;
}

export class RecordingPlayback extends pulumi.ComponentResource {
  readonly allowedOrigin: pulumi.Output<string>;

  constructor(name: string, args: RecordingPlaybackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:RecordingPlayback", name, args, opts);
    throw new Error("Under construction.");
  }
}
