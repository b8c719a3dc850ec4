/** The only name that Azure Bastion accepts for its subnet (azure-docs, articles/bastion/configuration-settings.md). */
export const bastionSubnetName = "AzureBastionSubnet";
