/** Creates a Bastion host with its public IP address. adoptedHost.ts is its counterpart for an existing host. */
import { BastionHost as AzureBastionHost } from "@pulumi/azure-native/network/bastionHost.js";
import * as pulumi from "@pulumi/pulumi";
import { regionName } from "@bastion-trail/core/rules/region";
import { orElse } from "../shared/orElse.ts";
import type { Placement } from "../shared/placement.ts";
import { refuseUpdates } from "../shared/updateHook.ts";
import type { Checked } from "../shared/validate.ts";
import type { HostState } from "./adoptedHost.ts";
import { adoptPublicIp, createPublicIp, type PublicIpInUse } from "./bastionPublicIp.ts";
import { bastionFlagsOf, BastionSku, scaleUnitRange } from "./bastionSku.ts";
import { bastionUpdateProblems } from "./bastionUpdate.ts";
import type { HostRequest } from "./hostRequest.ts";

interface HostArgs extends Placement {
  /** The component, in messages. */
  readonly subject: string;
  readonly sku: BastionSku;
  readonly request: Checked<HostRequest>;
  /** Required with every SKU except Developer. */
  readonly bastionSubnetId?: pulumi.Input<string>;
  /** Required with the Developer SKU. */
  readonly virtualNetworkId?: pulumi.Input<string>;
  readonly privateOnly?: boolean;
  readonly existingPublicIpAddressId?: pulumi.Input<string>;
}

export function createHost(name: string, args: HostArgs, opts: { readonly parent: pulumi.Resource }): HostState {
  const { subject, sku, request } = args;
  // Azure rejects such a change only after minutes, with BastionUpdateNotSupported; a replacement would be worse,
  // because it deletes the host. The hook compares the recorded inputs with the new ones, and also runs in a preview.
  const unchangeable = refuseUpdates(subject, "host-update", bastionUpdateProblems);
  const zones = zonesOrNone(request.zones);
  const publicIp = publicIpInUse(name, args, zones, opts);

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
            scaleUnits: orElse(request.scaleUnits, scaleUnitRange.from),
          }),
      zones,
      // Every feature of the SKU is set explicitly, so that removing an argument switches the feature off.
      ...Object.fromEntries(
        bastionFlagsOf(sku).map(({ argument, property }) => [property, orElse(request[argument], false)]),
      ),
      tags: args.tags,
    },
    {
      ...opts,
      // Its subnet has room for one host, and `pulumi up --replace` would otherwise create the second one first.
      deleteBeforeReplace: true,
      customTimeouts: { create: "60m", update: "60m", delete: "60m" },
      hooks: { beforeUpdate: [unchangeable] },
    },
  );
  return {
    id: resource.id,
    name: resource.name,
    // Not the resource's own: an archive in this region would then depend on the host, and a replacement of the host, which
    // deletes it first, would also delete the archive with all logs in it.
    location: pulumi.output(args.location).apply(regionName),
    dnsName: orElse(resource.dnsName, ""),
    publicIpAddress: publicIp?.address ?? pulumi.output(undefined),
    recordsSessions: orElse(request.sessionRecording, false),
  };
}

function publicIpInUse(
  name: string,
  args: HostArgs,
  zones: pulumi.Output<string[] | undefined>,
  opts: { readonly parent: pulumi.Resource },
): PublicIpInUse | undefined {
  const { subject, sku, request, resourceGroupName, location, tags } = args;
  if (sku === BastionSku.Developer || args.privateOnly === true) return undefined;
  if (args.existingPublicIpAddressId !== undefined) {
    return adoptPublicIp(subject, args.existingPublicIpAddressId, opts);
  }
  const placement = { resourceGroupName, location, tags };
  return createPublicIp(name, { ...placement, subject, hostName: request.bastionHostName, zones }, opts);
}

/** Sorts the zones, so that listing the same zones in another order is not a change. */
function zonesOrNone(zones: pulumi.Input<readonly string[] | undefined>): pulumi.Output<string[] | undefined> {
  return pulumi
    .output(zones)
    .apply((chosen) => (chosen === undefined || chosen.length === 0 ? undefined : chosen.toSorted()));
}
