import type { Role } from "./role.ts";

export const requester: Role = {
  name: "Bastion Trail Requester",
  description:
    "Requests just-in-time access to a VM and connects to it through Azure Bastion. Changes no policy, rule or VM.",
  actions: [
    "Microsoft.Compute/virtualMachines/extensions/read",
    "Microsoft.Compute/virtualMachines/read",
    "Microsoft.Insights/eventtypes/values/read",
    "Microsoft.Network/bastionHosts/read",
    "Microsoft.Network/networkInterfaces/*/read",
    "Microsoft.Network/networkInterfaces/read",
    "Microsoft.Network/networkSecurityGroups/read",
    "Microsoft.Network/publicIPAddresses/read",
    "Microsoft.Network/virtualNetworks/read",
    "Microsoft.Network/virtualNetworks/subnets/read",
    "Microsoft.Security/locations/jitNetworkAccessPolicies/*/read",
    "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action",
    "Microsoft.Security/locations/jitNetworkAccessPolicies/read",
  ],
  dataActions: [],
};
