import assert from "node:assert/strict";
import { ComputeManagementClient } from "@azure/arm-compute";
import { NetworkManagementClient } from "@azure/arm-network";
import { ResourceManagementClient } from "@azure/arm-resources";
import { applicationToken } from "../plane.ts";
import { startCloud } from "./cloud.ts";
import { bastionRules } from "./network/bastionRules.ts";
import { forSuite } from "../../held.ts";

/** The clients that Microsoft generates from Azure's own API descriptions, as a second reading of the wire form. */
describe("The Azure SDK clients", () => {
  const cloud = forSuite(() => startCloud({ operationDelayMs: 30 }));

  const clients = () => {
    const { plane } = cloud;
    const { identity, server, tls } = plane;
    const credential = {
      getToken: async () => ({
        token: await applicationToken((...request) => plane.raw(...request), identity),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
    const options = { endpoint: server.endpoint, tlsOptions: { ca: tls.ca } };
    return {
      network: new NetworkManagementClient(credential, identity.subscriptionId, options),
      compute: new ComputeManagementClient(credential, identity.subscriptionId, options),
      resources: new ResourceManagementClient(credential, identity.subscriptionId, options),
    };
  };
  const fast = { updateIntervalInMs: 10 };
  const location = "westeurope";

  it("deploy an access path, read it back and delete it", async () => {
    const { network, compute, resources } = clients();
    await resources.resourceGroups.createOrUpdate("path", { location });
    const group = await network.networkSecurityGroups.beginCreateOrUpdateAndWait(
      "path",
      "bastion-nsg",
      {
        location,
        securityRules: bastionRules.map(({ name, properties }) => ({ name, ...properties })),
      },
      fast,
    );
    assert.deepEqual([group.securityRules?.length, group.defaultSecurityRules?.length], [8, 6]);

    const net = await network.virtualNetworks.beginCreateOrUpdateAndWait(
      "path",
      "net",
      {
        location,
        addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
        subnets: [
          { name: "AzureBastionSubnet", addressPrefix: "10.0.0.0/26", networkSecurityGroup: { id: group.id! } },
          { name: "vms", addressPrefix: "10.0.1.0/24" },
        ],
      },
      fast,
    );
    assert.deepEqual(
      net.subnets?.map((subnet) => [subnet.name, subnet.addressPrefix]),
      [
        ["AzureBastionSubnet", "10.0.0.0/26"],
        ["vms", "10.0.1.0/24"],
      ],
    );
    const address = await network.publicIPAddresses.beginCreateOrUpdateAndWait(
      "path",
      "pip",
      { location, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
      fast,
    );
    const host = await network.bastionHosts.beginCreateOrUpdateAndWait(
      "path",
      "bastion",
      {
        location,
        sku: { name: "Standard" },
        enableTunneling: true,
        ipConfigurations: [
          { name: "ipconfig", subnet: { id: net.subnets[0]!.id! }, publicIPAddress: { id: address.id! } },
        ],
      },
      fast,
    );
    assert.deepEqual(
      [host.provisioningState, host.enableTunneling, host.scaleUnits, host.ipConfigurations?.[0]?.publicIPAddress?.id],
      ["Succeeded", true, 2, address.id],
    );
    const nic = await network.networkInterfaces.beginCreateOrUpdateAndWait(
      "path",
      "nic",
      { location, ipConfigurations: [{ name: "internal", subnet: { id: net.subnets[1]!.id! } }] },
      fast,
    );
    const machine = await compute.virtualMachines.createOrUpdate(
      "path",
      "vm",
      {
        location,
        hardwareProfile: { vmSize: "Standard_B2s" },
        storageProfile: {
          imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
          osDisk: { createOption: "FromImage", deleteOption: "Delete" },
        },
        osProfile: { computerName: "vm", adminUsername: "operator", adminPassword: "Correct-horse-1" },
        networkProfile: { networkInterfaces: [{ id: nic.id!, primary: true }] },
      },
      fast,
    );
    assert.deepEqual(
      [machine.provisioningState, machine.osProfile?.adminPassword, machine.storageProfile?.osDisk?.osType],
      ["Succeeded", undefined, "Linux"],
    );
    const attached = await network.networkInterfaces.get("path", "nic");
    assert.deepEqual(
      [attached.virtualMachine?.id, attached.ipConfigurations?.[0]?.privateIPAddress],
      [machine.id, "10.0.1.4"],
    );
    const view = await compute.virtualMachines.instanceView("path", "vm");
    assert.equal(view.statuses?.at(-1)?.code, "PowerState/running");
    const effective = await network.networkInterfaces.beginListEffectiveNetworkSecurityGroupsAndWait(
      "path",
      "nic",
      fast,
    );
    assert.deepEqual(effective.value, []);

    const listed: (string | undefined)[] = [];
    for await (const one of network.bastionHosts.listByResourceGroup("path")) listed.push(one.id);
    for await (const one of compute.disks.listByResourceGroup("path")) listed.push(one.managedBy);
    assert.deepEqual(listed, [host.id, machine.id]);

    await resources.resourceGroups.beginDeleteAndWait("path", fast);
    const left: (string | undefined)[] = [];
    for await (const one of resources.resources.list()) left.push(one.id);
    // Azure's own, made with the region's first virtual network, in a resource group of its own.
    assert.deepEqual(
      left.map((id) => id?.split("/").slice(3).join("/")),
      [`resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/NetworkWatcher_${location}`],
    );
  }).timeout(60_000);

  it("get Azure's refusals with their codes", async () => {
    const { network } = clients();
    await assert.rejects(
      network.virtualNetworks.beginCreateOrUpdateAndWait(
        "rg",
        "net",
        {
          location,
          addressSpace: { addressPrefixes: ["10.0.0.0/24"] },
          subnets: [{ name: "vms", addressPrefix: "10.9.0.0/24" }],
        },
        fast,
      ),
      { code: "NetcfgSubnetRangeOutsideVnet", statusCode: 400 },
    );
  });
});
