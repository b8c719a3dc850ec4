import type { BastionActions } from "../../bastion/sessionModel.ts";
import type { ProviderModule } from "../model.ts";
import { bastionHosts } from "./network/bastionHosts.ts";
import { networkInterfaces } from "./network/networkInterfaces.ts";
import { networkSecurityGroups } from "./network/networkSecurityGroups.ts";
import { publicIpAddresses } from "./network/publicIpAddresses.ts";
import { securityRules } from "./network/securityRules.ts";
import { subnets } from "./network/subnets.ts";
import { virtualNetworks } from "./network/virtualNetworks.ts";

/**
 * `Microsoft.Network`: what an access path of this project is made of.
 * @param parts.bastion what the actions of a Bastion host do.
 * @param parts.bastionDnsName where Bastion hosts are reached. Clients send tokens there, so it is on this machine.
 */
export function networkProvider(parts: { bastion: BastionActions; bastionDnsName: string }): ProviderModule {
  return {
    namespace: "Microsoft.Network",
    types: [
      virtualNetworks,
      subnets,
      networkSecurityGroups,
      securityRules,
      publicIpAddresses,
      networkInterfaces,
      bastionHosts(parts.bastion, parts.bastionDnsName),
    ],
  };
}
