/** Reads a Bastion host that exists, and checks that it can be used. */
import { type GetBastionHostResult, getBastionHostOutput } from "@pulumi/azure-native/network/getBastionHost.js";
import { getPublicIPAddressOutput } from "@pulumi/azure-native/network/getPublicIPAddress.js";
import * as pulumi from "@pulumi/pulumi";
import { identityProblems, locate } from "./armId.ts";
import { adoptedSkuProblems } from "./hostRequest.ts";
import { refuse } from "./validate.ts";

/** What is known of a Bastion host, created or adopted. */
export interface HostState {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly location: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  readonly publicIpAddress: pulumi.Output<string | undefined>;
  /** Whether it records the sessions. */
  readonly recordsSessions: pulumi.Output<boolean>;
}

/** Reads an existing host; its properties resolve only if it can be audited as wanted. */
export function adoptedHost(
  subject: string,
  id: pulumi.Input<string>,
  audited: boolean,
  opts: pulumi.InvokeOutputOptions,
): HostState {
  const where = pulumi.output(id).apply(locate);
  const found = getBastionHostOutput({ resourceGroupName: where.resourceGroupName, bastionHostName: where.name }, opts);
  const host = pulumi.all([found, id]).apply(([live, wanted]) => {
    refuse(subject, [
      ...identityProblems("existingBastionHostId", wanted, live.id),
      ...adoptedSkuProblems(wanted, live.sku?.name, audited),
    ]);
    return live;
  });
  return {
    id: pulumi.all([host, id]).apply(([live, wanted]) => live.id ?? wanted),
    name: host.name,
    location: host.apply((live) => live.location ?? ""),
    dnsName: host.apply((live) => live.dnsName ?? ""),
    publicIpAddress: host.apply((live) => addressOf(live, opts)),
    recordsSessions: host.apply((live) => live.enableSessionRecording ?? false),
  };
}

function addressOf(host: GetBastionHostResult, opts: pulumi.InvokeOutputOptions): pulumi.Output<string | undefined> {
  const publicIpId = host.ipConfigurations?.find((configuration) => configuration.publicIPAddress)?.publicIPAddress?.id;
  if (publicIpId === undefined) {
    return pulumi.output<string | undefined>(undefined);
  }
  const { resourceGroupName, name } = locate(publicIpId);
  const found = getPublicIPAddressOutput({ resourceGroupName, publicIpAddressName: name }, opts);
  return found.apply((live) => live.ipAddress);
}
