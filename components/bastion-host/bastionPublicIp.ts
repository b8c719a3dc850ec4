/** The public IP address of a Bastion host: created for it, or adopted. */
import {
  type GetPublicIPAddressResult,
  getPublicIPAddressOutput,
} from "@pulumi/azure-native/network/getPublicIPAddress.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import * as network from "@pulumi/azure-native/types/enums/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { identityProblems, locate } from "../shared/armId.ts";
import { availabilityZones } from "../shared/availabilityZones.ts";
import { publicIpUpdateProblems } from "./bastionUpdate.ts";
import { publicIpSuffix } from "./hostRequest.ts";
import type { Placement } from "../shared/placement.ts";
import { refuseUpdates } from "../shared/updateHook.ts";
import { judged, type Problem, refuse } from "../shared/validate.ts";

/** A public IP address, created or adopted. */
export interface PublicIpInUse {
  readonly id: pulumi.Output<string>;
  readonly address: pulumi.Output<string | undefined>;
}

interface PublicIpArgs extends Placement {
  /** The component, in messages. */
  readonly subject: string;
  readonly hostName: pulumi.Input<string>;
  /** Zones of the host. */
  readonly zones: pulumi.Output<string[] | undefined>;
}

/**
 * Creates a Standard, static IPv4 address, the only kind that Azure Bastion supports (azure-docs,
 * configuration-settings.md).
 */
export function createPublicIp(
  name: string,
  { subject, hostName, zones, ...placement }: PublicIpArgs,
  opts: pulumi.CustomResourceOptions,
): PublicIpInUse {
  const resource = new PublicIPAddress(
    `${name}-pip`,
    {
      ...placement,
      publicIpAddressName: pulumi.interpolate`${hostName}${publicIpSuffix}`,
      sku: { name: network.PublicIPAddressSkuName.Standard },
      publicIPAllocationMethod: network.IPAllocationMethod.Static,
      publicIPAddressVersion: network.IPVersion.IPv4,
      // In one zone or in all: a host in several zones needs a zone-redundant address (reliability-bastion.md).
      zones: zones.apply((chosen) => (chosen !== undefined && chosen.length > 1 ? [...availabilityZones] : chosen)),
    },
    {
      ...opts,
      // With another name of the host, the address is made anew. The old host has the old one until it is deleted.
      deleteBeforeReplace: false,
      hooks: { beforeUpdate: [refuseUpdates(subject, "pip-update", publicIpUpdateProblems)] },
    },
  );
  return { id: resource.id, address: resource.ipAddress };
}

/** Reads an existing public IP address. It resolves only if Azure Bastion can use it. */
export function adoptPublicIp(
  subject: string,
  id: pulumi.Input<string>,
  opts: pulumi.InvokeOutputOptions,
): PublicIpInUse {
  const where = pulumi.output(id).apply(locate);
  const found = getPublicIPAddressOutput(
    { resourceGroupName: where.resourceGroupName, publicIpAddressName: where.name },
    opts,
  );
  const address = judged(
    { live: found, wanted: id },
    ({ live, wanted }: { live: GetPublicIPAddressResult; wanted: string }) => {
      refuse(subject, [
        ...identityProblems("existingPublicIpAddressId", wanted, live.id),
        ...publicIpProblems(wanted, live),
      ]);
      return live;
    },
  );
  return {
    id: pulumi.all([address, id]).apply(([live, wanted]) => live.id ?? wanted),
    address: address.apply((live) => live.ipAddress),
  };
}

/** Azure Bastion supports only a Standard, static public IP address (azure-docs, configuration-settings.md). */
function publicIpProblems(id: string, live: GetPublicIPAddressResult): Problem[] {
  const { sku, publicIPAllocationMethod: allocation, publicIPAddressVersion: version } = live;
  return sku?.name === "Standard" && allocation === "Static" && version !== "IPv6"
    ? []
    : [
        {
          key: "existingPublicIpAddressId",
          value: id,
          reason:
            "Azure Bastion requires a Standard, static IPv4 address; " +
            `this one is ${[sku?.name ?? "Basic", allocation ?? "Dynamic", version ?? "IPv4"].join(", ")}`,
        },
      ];
}
