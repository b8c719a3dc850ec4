/** Ports of SSH and RDP. Bastion connects to them with every SKU; other ports require Standard or Premium. */
export const sshPort = 22;
export const rdpPort = 3389;
export const managementPorts: readonly number[] = [sshPort, rdpPort];
