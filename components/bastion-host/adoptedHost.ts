/** Reads an existing Bastion host and checks that it can be used. */
import { getBastionHost, type GetBastionHostResult } from "@pulumi/azure-native/network/getBastionHost.js";
import { getPublicIPAddressOutput } from "@pulumi/azure-native/network/getPublicIPAddress.js";
import * as pulumi from "@pulumi/pulumi";
import { isSame, locate } from "../shared/armId.ts";
import { adoptedSkuProblems } from "./hostRequest.ts";
import { accepted, type Lookup, lookUp } from "../shared/lookup.ts";
import { judged, type Problem } from "../shared/validate.ts";

/** The properties of a Bastion host, created or adopted. */
export interface HostState {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly location: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  readonly publicIpAddress: pulumi.Output<string | undefined>;
  /** Whether it records sessions. */
  readonly recordsSessions: pulumi.Output<boolean>;
}

const key = "existingBastionHostId";

export function lookUpHost(id: string, opts: pulumi.InvokeOptions): Promise<Lookup<GetBastionHostResult>> {
  return lookUp(key, id, ({ resourceGroupName, name }) =>
    getBastionHost({ resourceGroupName, bastionHostName: name }, opts),
  );
}

/**
 * Returns every reason why an existing host cannot be used.
 * @param wanted - how it is used: whether its audit logs are collected, and the `AzureBastionSubnet` that JIT opens
 * ports to.
 */
export function adoptedHostFit(
  id: string,
  live: GetBastionHostResult,
  wanted: { readonly audited: boolean; readonly bastionSubnetId?: string | undefined },
): Problem[] {
  // A Developer host has no IP configurations.
  const places: readonly { readonly subnet?: { readonly id?: string } }[] = live.ipConfigurations ?? [];
  const subnets = places.flatMap(({ subnet }) => subnet?.id ?? []);
  const { audited, bastionSubnetId } = wanted;
  const elsewhere =
    bastionSubnetId !== undefined && subnets.length > 0 && !subnets.some((subnet) => isSame(subnet, bastionSubnetId));
  return [
    ...adoptedSkuProblems(id, live.sku?.name, audited),
    ...(elsewhere
      ? [{ key, value: id, reason: `the host is in ${subnets.join(", ")}, not in ${bastionSubnetId}` }]
      : []),
  ];
}

/** Reads an existing host. Its properties resolve only if it can be used. */
export function adoptHost(
  subject: string,
  id: pulumi.Input<string>,
  wanted: { readonly audited: boolean; readonly bastionSubnetId: pulumi.Input<string> | undefined },
  opts: pulumi.InvokeOptions,
): HostState {
  const host = judged(
    { hostId: id, ...wanted },
    async ({ hostId, ...use }: { hostId: string; audited: boolean; bastionSubnetId: string | undefined }) =>
      accepted(subject, await lookUpHost(hostId, opts), (live) => adoptedHostFit(hostId, live, use)),
  );
  return {
    id: pulumi.all([host, id]).apply(([live, hostId]) => live.id ?? hostId),
    name: host.apply((live) => live.name),
    location: host.apply((live) => live.location ?? ""),
    dnsName: host.apply((live) => live.dnsName ?? ""),
    publicIpAddress: host.apply((live) => addressOf(live, opts)),
    recordsSessions: host.apply((live) => live.enableSessionRecording ?? false),
  };
}

function addressOf(host: GetBastionHostResult, opts: pulumi.InvokeOptions): pulumi.Output<string | undefined> {
  const publicIpId = host.ipConfigurations?.find((configuration) => configuration.publicIPAddress)?.publicIPAddress?.id;
  if (publicIpId === undefined) {
    return pulumi.output<string | undefined>(undefined);
  }
  const { resourceGroupName, name } = locate(publicIpId);
  const found = getPublicIPAddressOutput({ resourceGroupName, publicIpAddressName: name }, opts);
  return found.apply((live) => live.ipAddress);
}
