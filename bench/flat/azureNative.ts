/** The parts of `@pulumi/azure-native` that the flat program uses, in the form of its root import. */
import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { VirtualMachineExtension } from "@pulumi/azure-native/compute/virtualMachineExtension.js";
import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import { BastionHost } from "@pulumi/azure-native/network/bastionHost.js";
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import { SecurityRule } from "@pulumi/azure-native/network/securityRule.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { JitNetworkAccessPolicy } from "@pulumi/azure-native/security/jitNetworkAccessPolicy.js";
import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer.js";
import { BlobServiceProperties } from "@pulumi/azure-native/storage/blobServiceProperties.js";
import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy.js";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";

export const authorization = { getClientConfigOutput };
export const compute = { VirtualMachine, VirtualMachineExtension };
export const monitor = { DiagnosticSetting };
export const network = {
  BastionHost,
  NetworkInterface,
  NetworkSecurityGroup,
  PublicIPAddress,
  SecurityRule,
  Subnet,
  VirtualNetwork,
};
export const operationalinsights = { Workspace };
export const resources = { ResourceGroup };
export const security = { JitNetworkAccessPolicy };
export const storage = { BlobContainer, BlobServiceProperties, ManagementPolicy, StorageAccount };
