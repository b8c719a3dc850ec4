import type { Role } from "./role.ts";

export const operator: Role = {
  name: "Bastion Trail Operator",
  description:
    "Lists and disconnects Bastion sessions, and shuts ports that just-in-time requests opened. Opens nothing and changes no policy.",
  actions: [
    "Microsoft.Compute/virtualMachines/read",
    "Microsoft.Insights/eventtypes/values/read",
    "Microsoft.Network/bastionHosts/disconnectActiveSessions/action",
    "Microsoft.Network/bastionHosts/getActiveSessions/action",
    "Microsoft.Network/bastionHosts/read",
    "Microsoft.Network/networkInterfaces/read",
    "Microsoft.Network/networkSecurityGroups/read",
    "Microsoft.Network/networkSecurityGroups/securityRules/delete",
    "Microsoft.Network/virtualNetworks/subnets/read",
    "Microsoft.Security/locations/jitNetworkAccessPolicies/read",
  ],
  dataActions: [],
};
