import assert from "node:assert/strict";
import type { SecurityRule } from "@azure/arm-network";
import { AzureClients, seen } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox } from "./harness.ts";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const group = "trail";
const location = "westeurope";
const tags = { "cost-center": "ops" };

/** A rule as one line: who may reach whom, where. */
function line(rule: SecurityRule): string {
  const { direction, priority, access, protocol, name } = rule;
  const either = (one?: string, many?: string[]) => (many !== undefined && many.length > 0 ? many.join(",") : one);
  const from = either(rule.sourceAddressPrefix, rule.sourceAddressPrefixes);
  const to = either(rule.destinationAddressPrefix, rule.destinationAddressPrefixes);
  const ports = either(rule.destinationPortRange, rule.destinationPortRanges);
  return `${direction} ${priority} ${access} ${protocol} ${from}:${rule.sourcePortRange} -> ${to}:${ports} ${name}`;
}

describe("the Azure SDK clients read the deployed access path", () => {
  let azure: AzureClients;
  let root: string;
  let networkId: (path: string) => string;
  let vmId: string;

  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    await sandbox.up({ ...smallConfig, bastionSku: "Standard", nativeClient: true, tags });
    azure = new AzureClients(sandbox);
    root = `/subscriptions/${azure.subscriptionId}/resourceGroups/${group}`;
    networkId = (path) => `${root}/providers/Microsoft.Network/${path}`;
    vmId = `${root}/providers/Microsoft.Compute/virtualMachines/web`;
  });

  it("its virtual network and subnets", async () => {
    const { resourceGuid, subnets, ...network } = seen(await azure.network.virtualNetworks.get(group, "trail-vnet"));
    assert.match(resourceGuid ?? "", guid);
    assert.deepEqual(network, {
      id: networkId("virtualNetworks/trail-vnet"),
      name: "trail-vnet",
      type: "Microsoft.Network/virtualNetworks",
      location,
      tags,
      addressSpace: { addressPrefixes: ["10.60.0.0/16"] },
      virtualNetworkPeerings: [],
      provisioningState: "Succeeded",
      enableDdosProtection: false,
      enableVmProtection: false,
    });
    const common = {
      type: "Microsoft.Network/virtualNetworks/subnets",
      delegations: [],
      provisioningState: "Succeeded",
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Enabled",
    };
    assert.deepEqual(subnets, [
      {
        ...common,
        id: networkId("virtualNetworks/trail-vnet/subnets/AzureBastionSubnet"),
        name: "AzureBastionSubnet",
        addressPrefix: "10.60.0.0/26",
        networkSecurityGroup: { id: networkId("networkSecurityGroups/trail-vnet-bastion-nsg") },
        ipConfigurations: [{ id: networkId("bastionHosts/trail-bastion/bastionHostIpConfigurations/ipConfiguration") }],
      },
      {
        ...common,
        id: networkId("virtualNetworks/trail-vnet/subnets/vms"),
        name: "vms",
        addressPrefix: "10.60.1.0/24",
        ipConfigurations: [{ id: networkId("networkInterfaces/web-nic/ipConfigurations/internal") }],
        defaultOutboundAccess: true,
      },
    ]);
    assert.deepEqual(seen(await Array.fromAsync(azure.network.subnets.list(group, "trail-vnet"))), subnets);
  });

  it("the eight rules that Azure Bastion needs, and nothing else in their group", async () => {
    const nsg = await azure.network.networkSecurityGroups.get(group, "trail-vnet-bastion-nsg");
    assert.deepEqual(nsg.securityRules?.map(line), [
      "Inbound 120 Allow Tcp Internet:* -> *:443 AllowHttpsInbound",
      "Inbound 130 Allow Tcp GatewayManager:* -> *:443 AllowGatewayManagerInbound",
      "Inbound 140 Allow Tcp AzureLoadBalancer:* -> *:443 AllowAzureLoadBalancerInbound",
      "Inbound 150 Allow * VirtualNetwork:* -> VirtualNetwork:8080,5701 AllowBastionHostCommunication",
      "Outbound 100 Allow * *:* -> VirtualNetwork:22,3389 AllowSshRdpOutbound",
      "Outbound 110 Allow Tcp *:* -> AzureCloud:443 AllowAzureCloudOutbound",
      "Outbound 120 Allow * VirtualNetwork:* -> VirtualNetwork:8080,5701 AllowBastionCommunication",
      "Outbound 130 Allow * *:* -> Internet:80 AllowHttpOutbound",
    ]);
    assert.deepEqual(nsg.defaultSecurityRules?.map(line), [
      "Inbound 65000 Allow * VirtualNetwork:* -> VirtualNetwork:* AllowVnetInBound",
      "Inbound 65001 Allow * AzureLoadBalancer:* -> *:* AllowAzureLoadBalancerInBound",
      "Inbound 65500 Deny * *:* -> *:* DenyAllInBound",
      "Outbound 65000 Allow * VirtualNetwork:* -> VirtualNetwork:* AllowVnetOutBound",
      "Outbound 65001 Allow * *:* -> Internet:* AllowInternetOutBound",
      "Outbound 65500 Deny * *:* -> *:* DenyAllOutBound",
    ]);
    assert.deepEqual(
      nsg.subnets?.map(({ id }) => id),
      [networkId("virtualNetworks/trail-vnet/subnets/AzureBastionSubnet")],
    );
  });

  it("its Bastion host", async () => {
    const { dnsName, ...host } = seen(await azure.network.bastionHosts.get(group, "trail-bastion"));
    assert.equal(dnsName, `127.0.0.1:${sandbox.description.armPort}`);
    assert.deepEqual(host, {
      id: networkId("bastionHosts/trail-bastion"),
      name: "trail-bastion",
      type: "Microsoft.Network/bastionHosts",
      location,
      tags,
      sku: { name: "Standard" },
      ipConfigurations: [
        {
          id: networkId("bastionHosts/trail-bastion/bastionHostIpConfigurations/ipConfiguration"),
          name: "ipConfiguration",
          type: "Microsoft.Network/bastionHosts/bastionHostIpConfigurations",
          subnet: { id: networkId("virtualNetworks/trail-vnet/subnets/AzureBastionSubnet") },
          publicIPAddress: { id: networkId("publicIPAddresses/trail-bastion-pip") },
          provisioningState: "Succeeded",
          privateIPAllocationMethod: "Dynamic",
        },
      ],
      provisioningState: "Succeeded",
      scaleUnits: 2,
      disableCopyPaste: false,
      enableFileCopy: false,
      enableIpConnect: false,
      enableShareableLink: false,
      enableTunneling: true,
      enableKerberos: false,
      enableSessionRecording: false,
      enablePrivateOnlyBastion: false,
    });
    assert.deepEqual(
      (await Array.fromAsync(azure.network.bastionHosts.list())).map(({ id }) => id),
      [host.id],
    );
  });

  it("its only public IP address", async () => {
    const [address, ...others] = seen(await Array.fromAsync(azure.network.publicIPAddresses.listAll()));
    assert.deepEqual(others, []);
    const { resourceGuid, ipAddress, ...rest } = address!;
    assert.match(resourceGuid ?? "", guid);
    assert.match(ipAddress ?? "", /^(\d+\.){3}\d+$/);
    assert.deepEqual(rest, {
      id: networkId("publicIPAddresses/trail-bastion-pip"),
      name: "trail-bastion-pip",
      type: "Microsoft.Network/publicIPAddresses",
      location,
      tags,
      sku: { name: "Standard", tier: "Regional" },
      publicIPAllocationMethod: "Static",
      publicIPAddressVersion: "IPv4",
      ipConfiguration: { id: networkId("bastionHosts/trail-bastion/bastionHostIpConfigurations/ipConfiguration") },
      ddosSettings: { protectionMode: "VirtualNetworkInherited" },
      ipTags: [],
      idleTimeoutInMinutes: 4,
      provisioningState: "Succeeded",
    });
  });

  it("the virtual machine's interface, with a group of its own and no public address", async () => {
    const nic = await azure.network.networkInterfaces.get(group, "web-nic");
    assert.deepEqual(
      [
        nic.location,
        nic.tags,
        nic.virtualMachine?.id,
        nic.networkSecurityGroup?.id,
        nic.primary,
        nic.enableIPForwarding,
      ],
      [location, tags, vmId, networkId("networkSecurityGroups/web-nsg"), true, false],
    );
    assert.deepEqual(seen(nic.ipConfigurations), [
      {
        id: networkId("networkInterfaces/web-nic/ipConfigurations/internal"),
        name: "internal",
        type: "Microsoft.Network/networkInterfaces/ipConfigurations",
        privateIPAddress: "10.60.1.4",
        privateIPAllocationMethod: "Dynamic",
        privateIPAddressVersion: "IPv4",
        subnet: {
          id: networkId("virtualNetworks/trail-vnet/subnets/vms"),
          // Defaults that the client itself puts in.
          privateEndpointNetworkPolicies: "Disabled",
          privateLinkServiceNetworkPolicies: "Enabled",
        },
        primary: true,
        provisioningState: "Succeeded",
      },
    ]);
  });

  it("the virtual machine and its login extension", async () => {
    const {
      vmId: machineGuid,
      timeCreated,
      identity,
      ...vm
    } = seen(await azure.compute.virtualMachines.get(group, "web"));
    assert.match(machineGuid ?? "", guid);
    assert.ok(Date.parse(String(timeCreated)) > 0);
    assert.match(identity?.principalId ?? "", guid);
    assert.deepEqual([identity?.type, identity?.tenantId], ["SystemAssigned", sandbox.description.tenantId]);
    const extension = {
      id: `${vmId}/extensions/AADSSHLoginForLinux`,
      name: "AADSSHLoginForLinux",
      type: "Microsoft.Compute/virtualMachines/extensions",
      location,
      tags,
      publisher: "Microsoft.Azure.ActiveDirectory",
      typePropertiesType: "AADSSHLoginForLinux",
      typeHandlerVersion: "1.0",
      autoUpgradeMinorVersion: true,
      provisioningState: "Succeeded",
    };
    assert.deepEqual(vm, {
      id: vmId,
      name: "web",
      type: "Microsoft.Compute/virtualMachines",
      location,
      tags,
      zones: [],
      hardwareProfile: { vmSize: "Standard_B2s_v2" },
      storageProfile: {
        imageReference: {
          publisher: "Canonical",
          offer: "ubuntu-24_04-lts",
          sku: "server",
          version: "latest",
          exactVersion: "1.0.0",
        },
        osDisk: {
          osType: "Linux",
          name: "web-osdisk",
          caching: "ReadWrite",
          createOption: "FromImage",
          diskSizeGB: 30,
          managedDisk: {
            id: `${root}/providers/Microsoft.Compute/disks/web-osdisk`,
            storageAccountType: "StandardSSD_LRS",
          },
          deleteOption: "Delete",
        },
        dataDisks: [],
        diskControllerType: "SCSI",
      },
      osProfile: {
        computerName: "web",
        adminUsername: "azureuser",
        linuxConfiguration: {
          disablePasswordAuthentication: false,
          provisionVMAgent: true,
          patchSettings: {
            patchMode: "AutomaticByPlatform",
            assessmentMode: "AutomaticByPlatform",
            automaticByPlatformSettings: { rebootSetting: "IfRequired" },
          },
        },
        secrets: [],
        allowExtensionOperations: true,
        requireGuestProvisionSignal: true,
      },
      networkProfile: {
        networkInterfaces: [{ id: networkId("networkInterfaces/web-nic"), primary: true, deleteOption: "Detach" }],
      },
      securityProfile: {
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
        securityType: "TrustedLaunch",
      },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      provisioningState: "Succeeded",
      resources: [extension],
    });
    const { value } = await azure.compute.virtualMachineExtensions.list(group, "web");
    assert.deepEqual(seen(value), [extension]);
    const view = await azure.compute.virtualMachines.instanceView(group, "web");
    assert.equal(view.statuses?.at(-1)?.code, "PowerState/running");
  });

  it("the plan of Defender for Servers and the JIT policy", async () => {
    const { pricingTier, subPlan } = await azure.security.pricings.get("VirtualMachines");
    assert.deepEqual([pricingTier, subPlan], ["Standard", "P2"]);
    const policy = {
      id: `${root}/providers/Microsoft.Security/locations/${location}/jitNetworkAccessPolicies/web-jit`,
      name: "web-jit",
      type: "Microsoft.Security/locations/jitNetworkAccessPolicies",
      kind: "Basic",
      location,
      virtualMachines: [
        {
          id: vmId,
          ports: [
            {
              number: 22,
              protocol: "TCP",
              allowedSourceAddressPrefix: "10.60.0.0/26",
              maxRequestAccessDuration: "PT3H",
            },
          ],
        },
      ],
      requests: [],
      provisioningState: "Succeeded",
    };
    assert.deepEqual(seen(await azure.security.jitNetworkAccessPolicies.get(group, location, "web-jit")), policy);
    assert.deepEqual(seen(await Array.fromAsync(azure.security.jitNetworkAccessPolicies.list())), [policy]);
  });
});
