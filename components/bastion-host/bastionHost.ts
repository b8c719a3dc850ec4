import { BastionHost as AzureBastionHost } from "@pulumi/azure-native/network/bastionHost.js";
import * as pulumi from "@pulumi/pulumi";
import { adoptedHost, type HostState } from "./adoptedHost.ts";
import { idProblems } from "../shared/armId.ts";
import { bastionFlagsOf, type BastionFeatures, BastionSku, scaleUnitRange } from "./bastionSku.ts";
import { adoptedPublicIp, createdPublicIp, type PublicIpInUse } from "./bastionPublicIp.ts";
import { bastionUpdateProblems } from "./bastionUpdate.ts";
import { adoptedHostProblems, hostReferenceProblems, hostRequestProblems } from "./hostRequest.ts";
import { refuseUpdates } from "../shared/updateHook.ts";
import { checked, ifPlain, missingArguments, type Problem, ValidationError } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** What {@link BastionHost} is made from. */
export interface BastionHostArgs {
  /** Resource group of the host and its public IP address that are created. */
  resourceGroupName: pulumi.Input<string>;
  /** Azure region of the host to create, which is the region of its virtual network. It can never change. */
  location: pulumi.Input<string>;
  /**
   * Name of the host to create; its public IP address is named after it. At most 76 characters.
   * @default the component's name
   */
  bastionHostName?: pulumi.Input<string>;
  /**
   * SKU of the host to create; required unless `existingBastionHostId` is given, since azure-native would silently choose
   * Standard. It can be raised later without a new host, never lowered.
   */
  sku?: BastionSku;
  /** ARM id of `AzureBastionSubnet`: needed by every SKU but Developer, which has no use for it. */
  bastionSubnetId?: pulumi.Input<string>;
  /** ARM id of the virtual network: needed by the Developer SKU, of no use to any other. */
  virtualNetworkId?: pulumi.Input<string>;
  /**
   * Number of instances, each good for about 20 RDP or 40 SSH sessions (bastion-sku-comparison.md). Basic: 2; Standard and
   * Premium: 2 to 50; Developer: none. A change of it ends the sessions that are open (configure-host-scaling.md).
   * @default `2`, except with Developer
   */
  scaleUnits?: pulumi.Input<number>;
  /**
   * Availability zones of the instances: some of `"1"`, `"2"`, `"3"`. Basic and larger. They can never change
   * (reliability-bastion.md).
   * @default none
   */
  zones?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Native client: `az network bastion ssh|rdp|tunnel`. Standard and larger; not with session recording, since its sessions
   * are not recorded (session-recording.md).
   * @default `false`
   */
  nativeClient?: pulumi.Input<boolean>;
  /**
   * Connect by private IP address, also to machines outside Azure. Standard and larger.
   * @default `false`
   */
  ipConnect?: pulumi.Input<boolean>;
  /**
   * Links that let somebody without an Azure login connect. Standard and larger.
   * @default `false`
   */
  shareableLink?: pulumi.Input<boolean>;
  /**
   * Upload and download through the native client. Standard and larger.
   * @default `false`
   */
  fileCopy?: pulumi.Input<boolean>;
  /**
   * Switches copy and paste off in the browser. Standard and larger.
   * @default `false`
   */
  disableCopyPaste?: pulumi.Input<boolean>;
  /**
   * Kerberos authentication. Basic and larger.
   * @default `false`
   */
  kerberos?: pulumi.Input<boolean>;
  /**
   * No public IP address: the host is reached only through the virtual network (ExpressRoute, VPN). Premium. It is chosen
   * at deployment and can never change (private-only-deployment.md). Plain, since it decides which resources there are.
   * @default `false`
   */
  privateOnly?: boolean;
  /**
   * Records every session. Premium, and only with `recordingContainerUrl`; not with `nativeClient`.
   * @default `false`
   */
  sessionRecording?: pulumi.Input<boolean>;
  /**
   * URL of the blob container for the recordings, `https://<account>.blob.core.windows.net/<container>`, without a SAS.
   * API version 2024-05-01 has no property for it: a SAS URL of the container has to be uploaded once by hand, and until
   * then the host refuses every session. See {@link BastionHost.recordingNotice}.
   */
  recordingContainerUrl?: pulumi.Input<string>;
  /**
   * ARM id of a Standard, static IPv4 public IP address to use instead of creating one. Not with Developer or private-only.
   */
  existingPublicIpAddressId?: pulumi.Input<string>;
  /** Whether the audit logs of the host are collected. Developer emits none, so then it is refused. */
  audited: boolean;
  /**
   * ARM id of a Bastion host to use instead of creating one, in the provider's subscription. Then no setting may be given:
   * an adopted host is read, never changed.
   */
  existingBastionHostId?: pulumi.Input<string>;
  /**
   * Tags of everything that is created.
   * @default none
   */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * An Azure Bastion host with its public IP address, or an adopted host.
 *
 * A host takes 10 to 30 minutes to create (anything up to 60 is waited for). An upgrade of the SKU is done in place. What
 * Azure never changes on a host (a lower SKU, zones, private-only, region, subnet, public IP address) is refused with
 * one clear message already in `pulumi preview`.
 *
 * It takes no lock itself: a lock covers the host's diagnostic setting, too, whose deletion Azure would then refuse while
 * the lock stands. Lock the host after its diagnostic setting, so that Pulumi removes the lock first:
 * `lockResource("host-lock", { scope: host.hostId, ... }, { dependsOn: diagnostics })`.
 *
 * @example
 * const host = new BastionHost("trail", {
 *   resourceGroupName: group.name,
 *   location: "westeurope",
 *   sku: BastionSku.Standard,
 *   bastionSubnetId: network.bastionSubnetId,
 *   audited: true,
 * });
 *
 * @throws ValidationError that names every refused input, before any resource that uses it is created.
 */
export class BastionHost extends pulumi.ComponentResource {
  /** ARM id of the host. */
  readonly hostId: pulumi.Output<string>;
  /** Name of the host. */
  readonly hostName: pulumi.Output<string>;
  /** Azure region of the host, in which the archive of its logs must be. */
  readonly location: pulumi.Output<string>;
  /** FQDN under which clients reach the host, `bst-<guid>.bastion.azure.com`; empty where Azure gives none (Developer). */
  readonly dnsName: pulumi.Output<string>;
  /** `undefined` with Developer and private-only. */
  readonly publicIpAddress: pulumi.Output<string | undefined>;
  /** Whether the host records the sessions. */
  readonly recordsSessions: pulumi.Output<boolean>;
  /** What is left to do by hand before a recording host lets anybody connect; `undefined` without recording. */
  readonly recordingNotice: pulumi.Output<string | undefined>;

  constructor(name: string, args: BastionHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:BastionHost", name, {}, withoutVersionAliases(opts));
    const parts: Parts = { name, subject: `BastionHost "${name}"`, args, parent: { parent: this } };

    const host =
      args.existingBastionHostId === undefined ? createdHost(parts) : existingHost(parts, args.existingBastionHostId);
    const notice = recordingNotice(parts);
    notice.apply((text) => (text === undefined ? undefined : pulumi.log.warn(text, this)));

    this.hostId = host.id;
    this.hostName = host.name;
    this.location = host.location;
    this.dnsName = host.dnsName;
    this.publicIpAddress = host.publicIpAddress;
    this.recordsSessions = host.recordsSessions;
    this.recordingNotice = notice;
    this.registerOutputs({
      hostId: this.hostId,
      hostName: this.hostName,
      location: this.location,
      dnsName: this.dnsName,
      publicIpAddress: this.publicIpAddress,
      recordsSessions: this.recordsSessions,
      recordingNotice: this.recordingNotice,
    });
  }
}

/** What every step of the construction needs. */
interface Parts {
  readonly name: string;
  readonly subject: string;
  readonly args: BastionHostArgs;
  readonly parent: { readonly parent: BastionHost };
}

function existingHost({ subject, args, parent }: Parts, id: pulumi.Input<string>): HostState {
  const known = checked<{ existingBastionHostId: string }>(
    subject,
    { existingBastionHostId: id },
    (adopted) => [
      ...adoptedHostProblems({ ...args }),
      ...idProblems("existingBastionHostId", adopted.existingBastionHostId, "Microsoft.Network/bastionHosts"),
    ],
    missingIn(args),
  );
  const { audited, bastionSubnetId } = args;
  return adoptedHost(subject, known.existingBastionHostId, { audited, bastionSubnetId }, parent);
}

function createdHost(parts: Parts): HostState {
  const { name, subject, args, parent } = parts;
  const sku = requiredSku(parts);
  const request = checkedRequest(parts, sku);
  // Azure answers such a change only after minutes, with BastionUpdateNotSupported; a replacement would be worse, since
  // it deletes the host. The hook sees what Pulumi recorded beside what is asked for, and runs in a preview, too.
  const unchangeable = refuseUpdates(`${name}-host-update`, subject, bastionUpdateProblems);
  const zones = zonesOrNone(request.zones);
  const publicIp = publicIpInUse(parts, sku, request.bastionHostName, zones);

  const resource = new AzureBastionHost(
    `${name}-host`,
    {
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      bastionHostName: request.bastionHostName,
      sku: { name: sku },
      ...(sku === BastionSku.Developer
        ? { virtualNetwork: { id: args.virtualNetworkId } }
        : {
            ipConfigurations: [
              {
                name: "ipConfiguration",
                subnet: { id: args.bastionSubnetId },
                ...(publicIp !== undefined && { publicIPAddress: { id: publicIp.id } }),
              },
            ],
            scaleUnits: pulumi.output(request.scaleUnits).apply((units) => units ?? scaleUnitRange.from),
          }),
      zones,
      // Each feature of the SKU is stated, so that one that is dropped from the arguments is switched off.
      ...Object.fromEntries(
        bastionFlagsOf(sku).map(({ argument, property }) => [
          property,
          pulumi.output(request[argument]).apply((on) => on ?? false),
        ]),
      ),
      tags: args.tags,
    },
    {
      ...parent,
      customTimeouts: { create: "60m", update: "60m", delete: "60m" },
      hooks: { beforeUpdate: [unchangeable] },
    },
  );
  return {
    id: resource.id,
    name: resource.name,
    location: resource.location.apply((location) => location ?? ""),
    dnsName: resource.dnsName.apply((dnsName) => dnsName ?? ""),
    publicIpAddress: publicIp?.address ?? pulumi.output(undefined),
    recordsSessions: pulumi.output(request.sessionRecording).apply((on) => on ?? false),
  };
}

function missingIn(args: BastionHostArgs): Problem[] {
  return missingArguments(args, { resourceGroupName: true, location: true, audited: true });
}

function requiredSku({ subject, args }: Parts): BastionSku {
  const { sku } = args;
  if (sku === undefined) {
    const reason = `required unless existingBastionHostId is set; one of ${Object.values(BastionSku).join(", ")}`;
    throw new ValidationError(subject, [...missingIn(args), { key: "sku", value: sku, reason }]);
  }
  return sku;
}

function checkedRequest({ name, subject, args }: Parts, sku: BastionSku) {
  return checked<BastionFeatures & { bastionHostName: string }>(
    subject,
    {
      bastionHostName: args.bastionHostName ?? name,
      sku,
      scaleUnits: args.scaleUnits,
      zones: args.zones,
      nativeClient: args.nativeClient,
      ipConnect: args.ipConnect,
      shareableLink: args.shareableLink,
      fileCopy: args.fileCopy,
      disableCopyPaste: args.disableCopyPaste,
      kerberos: args.kerberos,
      privateOnly: args.privateOnly,
      sessionRecording: args.sessionRecording,
      audited: args.audited,
    },
    (features) => [
      ...hostRequestProblems(features, { ...args }),
      // A reference that is not known yet is the id of a resource that this program makes: nothing a user could mistype.
      ...hostReferenceProblems({
        bastionSubnetId: ifPlain(args.bastionSubnetId),
        virtualNetworkId: ifPlain(args.virtualNetworkId),
        existingPublicIpAddressId: ifPlain(args.existingPublicIpAddressId),
        recordingContainerUrl: ifPlain(args.recordingContainerUrl),
      }),
    ],
    missingIn(args),
  );
}

function publicIpInUse(
  { name, subject, args, parent }: Parts,
  sku: BastionSku,
  hostName: pulumi.Input<string>,
  zones: pulumi.Output<string[] | undefined>,
): PublicIpInUse | undefined {
  if (sku === BastionSku.Developer || args.privateOnly === true) {
    return undefined;
  }
  if (args.existingPublicIpAddressId !== undefined) {
    return adoptedPublicIp(subject, args.existingPublicIpAddressId, parent);
  }
  const { resourceGroupName, location, tags } = args;
  return createdPublicIp(name, subject, { resourceGroupName, location, hostName, zones, tags }, parent);
}

/** In one order, so that the same zones in another order are no change. */
function zonesOrNone(zones: pulumi.Input<readonly string[] | undefined>): pulumi.Output<string[] | undefined> {
  return pulumi
    .output(zones)
    .apply((chosen) => (chosen === undefined || chosen.length === 0 ? undefined : chosen.toSorted()));
}

function recordingNotice({ name, args }: Parts): pulumi.Output<string | undefined> {
  return pulumi
    .all([args.bastionHostName ?? name, args.sessionRecording ?? false, args.recordingContainerUrl ?? ""])
    .apply(([hostName, records, containerUrl]) =>
      records
        ? `Bastion host ${hostName} records sessions, and refuses every session until it has a SAS URL (read, create, write, list) ` +
          `of the container ${containerUrl}. Upload it once, in the portal under "Session recordings" of the host.`
        : undefined,
    );
}
