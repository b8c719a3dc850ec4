import * as pulumi from "@pulumi/pulumi";
import type { BastionSku } from "./bastionSku.ts";

/** What {@link BastionHost} is made from. */
export interface BastionHostArgs {
  /** Resource group of everything that is created. Required unless `existingBastionHostId` is given. */
  resourceGroupName?: pulumi.Input<string>;
  /** Azure region of the virtual network. Required unless `existingBastionHostId` is given. */
  location?: pulumi.Input<string>;
  /** Name of the Bastion host. @default the component's name */
  bastionHostName?: pulumi.Input<string>;
  /** SKU; always stated, since azure-native would choose Standard. Required unless `existingBastionHostId` is given. */
  sku?: BastionSku;
  /** Id of `AzureBastionSubnet`: required with every SKU but Developer. */
  bastionSubnetId?: pulumi.Input<string | undefined>;
  /** Id of the virtual network: required with Developer, not allowed with any other SKU. */
  virtualNetworkId?: pulumi.Input<string>;
  scaleUnits?: pulumi.Input<number>;
  zones?: pulumi.Input<pulumi.Input<string>[]>;
  enableTunneling?: pulumi.Input<boolean>;
  enableIpConnect?: pulumi.Input<boolean>;
  enableShareableLink?: pulumi.Input<boolean>;
  enableFileCopy?: pulumi.Input<boolean>;
  disableCopyPaste?: pulumi.Input<boolean>;
  enableKerberos?: pulumi.Input<boolean>;
  /** Plain, since it decides whether there is a public IP address. */
  enablePrivateOnlyBastion?: boolean;
  enableSessionRecording?: pulumi.Input<boolean>;
  recordingContainerUrl?: pulumi.Input<string>;
  /** Whether the audit logs of this host are collected. */
  audited: boolean;
  /** Id of a Bastion host to use instead of creating one. Then no setting of the host may be given. */
  existingBastionHostId?: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * An Azure Bastion host, or an adopted one.
 * It takes no lock itself: a lock on the host would be inherited by its diagnostic setting, whose deletion Azure would
 * then refuse. Lock it last, `lockResource(..., host.hostId, ..., { dependsOn: diagnostics })`, so that the lock goes first.
 */
export class BastionHost extends pulumi.ComponentResource {
  declare readonly hostId: pulumi.Output<string>;
  declare readonly hostName: pulumi.Output<string>;
  declare readonly location: pulumi.Output<string>;
  /** Name under which clients reach the host; empty for Developer. */
  declare readonly dnsName: pulumi.Output<string>;
  /** `undefined` with Developer and private-only. */
  declare readonly publicIpAddress: pulumi.Output<string | undefined>;

  constructor(name: string, args: BastionHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:BastionHost", name, args, opts);
  }
}
