import * as pulumi from "@pulumi/pulumi";
import { componentType } from "../shared/componentType.ts";
import { idProblems } from "../shared/armId.ts";
import { type Checked, checked, ifPlain, ValidationError } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";
import { adoptHost, type HostState } from "./adoptedHost.ts";
import { BastionSku } from "./bastionSku.ts";
import { createHost } from "./createdHost.ts";
import {
  adoptedHostProblems,
  hostNameProblems,
  hostReferences,
  type HostRequest,
  hostRequestProblems,
  knownHostProblems,
} from "./hostRequest.ts";
import { recordingNotice, warnOf } from "./recordingNotice.ts";

/** Arguments of {@link BastionHost}. */
export interface BastionHostArgs {
  /** Resource group of the host and of its public IP address, if they are created. */
  resourceGroupName: pulumi.Input<string>;
  /** Azure region of the host to create: the region of its virtual network. It cannot change later. */
  location: pulumi.Input<string>;
  /**
   * Name of the host to create, at most 76 characters. Its public IP address is named after it. Defaults to the
   * component's name.
   */
  bastionHostName?: pulumi.Input<string>;
  /**
   * SKU of the host to create. Required unless `existingBastionHostId` is given, because azure-native would silently
   * choose Standard. It can be raised later without a new host, but never lowered.
   */
  sku?: BastionSku;
  /** ARM id of `AzureBastionSubnet`. Required with every SKU except Developer, and not allowed with Developer. */
  bastionSubnetId?: pulumi.Input<string>;
  /** ARM id of the virtual network. Required with the Developer SKU, and not allowed with any other SKU. */
  virtualNetworkId?: pulumi.Input<string>;
  /**
   * Number of instances. Each serves about 20 RDP or 40 SSH sessions (bastion-sku-comparison.md). Basic has exactly 2,
   * Standard and Premium 2 to 50; not allowed with Developer. Defaults to 2. A change disconnects all open sessions
   * (configure-host-scaling.md).
   */
  scaleUnits?: pulumi.Input<number>;
  /**
   * Availability zones of the instances: any of `"1"`, `"2"` and `"3"`. Defaults to none. Requires Basic, Standard or
   * Premium. They cannot change later (reliability-bastion.md).
   */
  zones?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Whether native clients can connect: `az network bastion ssh|rdp|tunnel`. Defaults to `false`. Requires Standard or
   * Premium. Not allowed with session recording, because sessions of native clients are not recorded
   * (session-recording.md).
   */
  nativeClient?: pulumi.Input<boolean>;
  /**
   * Whether users can connect by private IP address, also to computers outside Azure. Defaults to `false`. Requires
   * Standard or Premium.
   */
  ipConnect?: pulumi.Input<boolean>;
  /**
   * Whether shareable links are allowed, which let anybody connect without an Azure login. Defaults to `false`.
   * Requires Standard or Premium.
   */
  shareableLink?: pulumi.Input<boolean>;
  /**
   * Whether files can be uploaded and downloaded through the native client. Defaults to `false`. Requires Standard or
   * Premium.
   */
  fileCopy?: pulumi.Input<boolean>;
  /** Whether copy and paste is disabled in browser sessions. Defaults to `false`. Requires Standard or Premium. */
  disableCopyPaste?: pulumi.Input<boolean>;
  /** Whether Kerberos authentication is enabled. Defaults to `false`. Requires Basic, Standard or Premium. */
  kerberos?: pulumi.Input<boolean>;
  /**
   * Whether the host has no public IP address, so that it can be reached only through the virtual network
   * (ExpressRoute, VPN). Defaults to `false`. Requires Premium. It is chosen at creation and cannot change later
   * (private-only-deployment.md). Must be a plain value, because it decides which resources are created.
   */
  privateOnly?: boolean;
  /**
   * Whether every session is recorded. Defaults to `false`. Requires Premium and `recordingContainerUrl`; not allowed
   * with `nativeClient`.
   */
  sessionRecording?: pulumi.Input<boolean>;
  /**
   * URL of the blob container for the recordings, `https://ACCOUNT.blob.core.windows.net/CONTAINER`, without a SAS
   * token. API version 2024-05-01 has no property for it: a SAS URL of the container must be uploaded to the host once,
   * outside Pulumi, and until then the host refuses every session. See the output `recordingNotice`.
   */
  recordingContainerUrl?: pulumi.Input<string>;
  /**
   * ARM id of a Standard, static IPv4 public IP address to use instead of creating one. Not allowed with the Developer
   * SKU or `privateOnly`.
   */
  existingPublicIpAddressId?: pulumi.Input<string>;
  /** Whether the audit logs of the host are collected. Must be `false` with the Developer SKU, which emits none. */
  audited: boolean;
  /**
   * ARM id of a Bastion host to use instead of creating one, in the provider's subscription. An adopted host is only
   * read, never changed, so no setting of the host is allowed with it.
   */
  existingBastionHostId?: pulumi.Input<string>;
  /** Tags of all created resources. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const component = componentType<BastionHostArgs>("BastionHost", hostReferences);

/**
 * An Azure Bastion host with its public IP address, or an adopted host.
 *
 * Creating a host takes 10 to 30 minutes; the component waits up to 60. The SKU is upgraded in place. A change that
 * Azure does not support on an existing host (a lower SKU, zones, private-only, region, subnet, public IP address) is
 * refused with one clear message, already in `pulumi preview`. With another name or resource group, Azure deletes the
 * host and creates it again.
 *
 * The component does not lock the host: a lock also covers the host's diagnostic setting, and Azure would refuse to
 * delete that setting as long as the lock exists. Lock the host after its diagnostic setting, so that Pulumi deletes
 * the lock first: `lockResource("host-lock", { scope: host.hostId, ... }, { dependsOn: diagnostics })`.
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
  /** Azure region of the host. The archive of its logs must be in the same region. */
  readonly location: pulumi.Output<string>;
  /** FQDN of the host for clients, `bst-GUID.bastion.azure.com`. Empty if Azure assigns none (Developer). */
  readonly dnsName: pulumi.Output<string>;
  /** Public IP address of the host. `undefined` with the Developer SKU or `privateOnly`. */
  readonly publicIpAddress: pulumi.Output<string | undefined>;
  /** Whether the host records sessions. */
  readonly recordsSessions: pulumi.Output<boolean>;
  /** The manual step that remains before a recording host accepts sessions. `undefined` without recording. */
  readonly recordingNotice: pulumi.Output<string | undefined>;

  constructor(name: string, args: BastionHostArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    super(component.token, name, {}, withoutVersionAliases(opts));
    const build: Build = { name, subject: component.subject(name), args, parent: { parent: this } };
    const host =
      args.existingBastionHostId === undefined ? newHost(build) : existingHost(build, args.existingBastionHostId);
    const notice = recordingNotice(name, args);
    warnOf(notice, build.subject, this);

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

/** Input of every step of the construction. */
interface Build {
  readonly name: string;
  readonly subject: string;
  readonly args: BastionHostArgs;
  readonly parent: { readonly parent: BastionHost };
}

function existingHost({ subject, args, parent }: Build, id: pulumi.Input<string>): HostState {
  const formed = component.formed(args);
  const problems = (adopted: { readonly existingBastionHostId?: string }) => [
    ...adoptedHostProblems({ ...args }),
    ...idProblems("existingBastionHostId", adopted.existingBastionHostId, "Microsoft.Network/bastionHosts"),
    ...component.ruled(formed.args),
  ];
  const known = checked<{ existingBastionHostId: string }>(
    subject,
    { existingBastionHostId: id },
    problems,
    formed,
    problems,
  );
  const { audited, bastionSubnetId } = args;
  return adoptHost(subject, known.existingBastionHostId, { audited, bastionSubnetId }, parent);
}

function newHost(build: Build): HostState {
  const { name, subject, args, parent } = build;
  const sku = requiredSku(build);
  return createHost(name, { ...args, subject, sku, request: checkedRequest(build, sku) }, parent);
}

function requiredSku({ name, subject, args: given }: Build): BastionSku {
  const { sku } = given;
  if (sku === undefined) {
    const reason = `required unless existingBastionHostId is set; one of ${Object.values(BastionSku).join(", ")}`;
    const { args, problems } = component.formed(given);
    const hostName = ifPlain(args.bastionHostName ?? name);
    throw new ValidationError(subject, [
      ...problems,
      { key: "sku", value: sku, reason },
      ...(hostName === undefined ? [] : hostNameProblems(hostName)),
      ...component.ruled(args),
    ]);
  }
  return sku;
}

function checkedRequest({ name, subject, args: given }: Build, sku: BastionSku): Checked<HostRequest> {
  const formed = component.formed(given);
  const { args } = formed;
  return checked<HostRequest>(
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
    (request) => [...hostRequestProblems(request, { ...given }), ...component.ruled(args)],
    formed,
    (known) => [
      ...knownHostProblems({ ...known, sku, audited: given.audited }, { ...given }),
      ...component.ruled(args),
    ],
  );
}
