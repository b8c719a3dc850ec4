import * as azure from "./azureNative.ts";
import * as pulumi from "@pulumi/pulumi";
import * as random from "./random.ts";

/** A VM in the stack's config. */
export interface Vm {
  name: string;
  os?: "linux" | "windows";
  login?: "sshKey" | "entraId";
  sshPublicKey?: string;
}

/** The location and network of all VMs. */
export interface Place {
  common: { resourceGroupName: pulumi.Output<string>; location: string; tags: Record<string, string> };
  vmSubnetId: pulumi.Output<string>;
  bastionSubnetPrefix: string;
}

/** Creates a VM that cannot be reached without a request. */
export function createVm(
  { name, os = "linux", login = "sshKey", sshPublicKey }: Vm,
  { common, vmSubnetId, bastionSubnetPrefix }: Place,
) {
  const port = os === "windows" ? 3389 : 22;
  const password =
    sshPublicKey === undefined
      ? pulumi.secret(
          new random.RandomPassword(`${name}-password`, {
            length: 32,
            minLower: 1,
            minUpper: 1,
            minNumeric: 1,
            minSpecial: 1,
            overrideSpecial: "!@#%*-_=+",
          }).result,
        )
      : undefined;
  const firewall = new azure.network.NetworkSecurityGroup(
    `${name}-nsg`,
    {
      ...common,
      networkSecurityGroupName: `${name}-nsg`,
    },
    { deleteBeforeReplace: false },
  );
  const denied = {
    resourceGroupName: common.resourceGroupName,
    networkSecurityGroupName: firewall.name,
    direction: "Inbound",
    access: "Deny",
    protocol: "*",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
  };
  const denyManagement = new azure.network.SecurityRule(
    `${name}-deny-management`,
    {
      ...denied,
      securityRuleName: "DenyManagementPorts",
      description: "Management ports are shut unless a JIT request opens them.",
      priority: 4000,
      sourceAddressPrefix: "*",
      destinationPortRanges: ["22", "3389"],
    },
    { deleteBeforeReplace: false },
  );
  const denyBastion = new azure.network.SecurityRule(
    `${name}-deny-bastion`,
    {
      ...denied,
      securityRuleName: "DenyBastionSubnet",
      description: "Through Bastion, no port is reached unless a JIT request opens it.",
      priority: 4010,
      sourceAddressPrefix: bastionSubnetPrefix,
      destinationPortRange: "*",
    },
    { deleteBeforeReplace: false, dependsOn: denyManagement },
  );
  const nic = new azure.network.NetworkInterface(
    `${name}-nic`,
    {
      ...common,
      networkInterfaceName: `${name}-nic`,
      networkSecurityGroup: { id: firewall.id },
      ipConfigurations: [
        { name: "internal", primary: true, privateIPAllocationMethod: "Dynamic", subnet: { id: vmSubnetId } },
      ],
    },
    { deleteBeforeReplace: false },
  );
  const patchSettings = {
    patchMode: "AutomaticByPlatform",
    assessmentMode: "AutomaticByPlatform",
    automaticByPlatformSettings: { rebootSetting: "IfRequired" },
  };
  const vm = new azure.compute.VirtualMachine(
    name,
    {
      ...common,
      vmName: name,
      zones: [],
      identity: { type: "SystemAssigned" },
      hardwareProfile: { vmSize: "Standard_B2s_v2" },
      securityProfile: {
        securityType: "TrustedLaunch",
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
      },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      storageProfile: {
        imageReference:
          os === "windows"
            ? {
                publisher: "MicrosoftWindowsServer",
                offer: "WindowsServer",
                sku: "2022-datacenter-azure-edition",
                version: "latest",
              }
            : { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
        osDisk: {
          name: `${name}-osdisk`,
          createOption: "FromImage",
          deleteOption: "Delete",
          caching: "ReadWrite",
          managedDisk: { storageAccountType: "StandardSSD_LRS" },
        },
      },
      networkProfile: { networkInterfaces: [{ id: nic.id, primary: true, deleteOption: "Detach" }] },
      osProfile: {
        computerName: name,
        adminUsername: "azureuser",
        ...(password && { adminPassword: password }),
        ...(os === "windows"
          ? { windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true, patchSettings } }
          : {
              linuxConfiguration: {
                provisionVMAgent: true,
                patchSettings,
                disablePasswordAuthentication: sshPublicKey !== undefined,
                ...(sshPublicKey !== undefined && {
                  ssh: { publicKeys: [{ path: "/home/azureuser/.ssh/authorized_keys", keyData: sshPublicKey }] },
                }),
              },
            }),
      },
    },
    {
      dependsOn: [denyManagement, denyBastion],
      deleteBeforeReplace: true,
      replaceOnChanges: [
        "osProfile.computerName",
        "osProfile.adminUsername",
        "osProfile.adminPassword",
        "osProfile.linuxConfiguration.disablePasswordAuthentication",
        "osProfile.linuxConfiguration.ssh",
        "storageProfile.imageReference",
        "storageProfile.osDisk.name",
        "zones",
      ],
    },
  );
  if (login === "entraId") {
    new azure.compute.VirtualMachineExtension(
      `${name}-entra-login`,
      {
        ...common,
        vmName: vm.name,
        vmExtensionName: "AADSSHLoginForLinux",
        publisher: "Microsoft.Azure.ActiveDirectory",
        type: "AADSSHLoginForLinux",
        typeHandlerVersion: "1.0",
        autoUpgradeMinorVersion: true,
      },
      { deleteBeforeReplace: true },
    );
  }
  const policy = new azure.security.JitNetworkAccessPolicy(
    `${name}-jit`,
    {
      resourceGroupName: common.resourceGroupName,
      ascLocation: common.location,
      jitNetworkAccessPolicyName: `${name}-jit`,
      kind: "Basic",
      virtualMachines: [
        {
          id: vm.id,
          ports: [
            {
              number: port,
              protocol: "TCP",
              allowedSourceAddressPrefix: bastionSubnetPrefix,
              maxRequestAccessDuration: "PT3H",
            },
          ],
        },
      ],
    },
    { ignoreChanges: ["requests"], deleteBeforeReplace: true, replaceWith: [vm] },
  );
  return { name: vm.name, id: vm.id, jitPolicyId: policy.id };
}
