/** Finds the requests that cover what a rule of a network security group opens. */
import { grantedPort, grantsOf, type JitGrant } from "../../azure/jitGrants.ts";
import type { JitPolicy } from "../../azure/jitPolicies.ts";
import type { NetworkInterface, SecurityGroup } from "../../azure/networkInventory.ts";
import type { Subnet } from "../../azure/subnets.ts";
import type { Allowance } from "../../rules/excess.ts";

/** A requested port, with what the request allows at one address of the VM. */
export interface RequestedPort {
  readonly grant: JitGrant;
  readonly allowance: Allowance;
}

export interface RequestParts {
  readonly policies: readonly JitPolicy[];
  readonly nics: readonly NetworkInterface[];
  readonly subnets: readonly Subnet[];
}

/**
 * Returns all requests for the VMs that a group protects, in any state. VMs are matched by group, because an address
 * alone does not identify a VM: two virtual networks may use the same one.
 */
export function requestsBehind(
  { policies, nics, subnets }: RequestParts,
  now: Date,
): (group: SecurityGroup) => readonly RequestedPort[] {
  const nsgOfSubnet = new Map(subnets.map(({ id, nsgId }) => [id.toLowerCase(), nsgId]));
  const places = nics.flatMap((nic) =>
    nic.addresses.flatMap(({ privateIp, subnetId }) => {
      const vm = nic.vmId?.toLowerCase();
      const nsgIds = [nic.nsgId, nsgOfSubnet.get(subnetId?.toLowerCase() ?? "")];
      return vm === undefined ? [] : nsgIds.flatMap((id) => (id ? [{ vm, privateIp, nsgId: id.toLowerCase() }] : []));
    }),
  );
  const placesOf = Map.groupBy(places, ({ vm }) => vm);
  const requests = policies.flatMap((policy) =>
    grantsOf(policy, now).flatMap((grant) =>
      (placesOf.get(grant.vm.toLowerCase()) ?? []).map(({ privateIp, nsgId }) => ({
        nsgId,
        grant,
        allowance: allowanceOf(policy, grant, privateIp),
      })),
    ),
  );
  const byGroup = Map.groupBy(requests, ({ nsgId }) => nsgId);
  return ({ id }) => byGroup.get(id.toLowerCase()) ?? [];
}

function allowanceOf(policy: JitPolicy, grant: JitGrant, address: string): Allowance {
  const { number, protocol, sources } = grantedPort(policy, grant);
  return { sources, address, port: number, protocol: protocol.toLowerCase() };
}
