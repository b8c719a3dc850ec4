/**
 * The two standing rules of a JIT VM's network security group, which deny everything that no JIT rule allows. Their
 * priorities are lower than those of JIT's allow rules (100-110), and differ from those of its deny rules (1000 and
 * 4096).
 */
export const denyManagementPorts = { name: "DenyManagementPorts", priority: 4000 } as const;
export const denyBastionSubnet = { name: "DenyBastionSubnet", priority: 4010 } as const;
