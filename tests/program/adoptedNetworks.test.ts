import assert from "node:assert/strict";
import { networkId, spokeId, hostId, network, subnets, vm, type Azure, azure, problemsOf } from "./adoptions.ts";
import { hub } from "./recordedStack.ts";
import { subscriptionId } from "../components/recordedProgram.ts";

describe("networks that a stack adopts", () => {
  describe("a network that has a subnet which the stack would create", () => {
    const values = { ...network, bastionSubnetPrefix: "10.0.2.0/26", vmSubnetPrefix: "10.0.3.0/24" };

    it("is refused at the first deployment", async () => {
      assert.deepEqual(await problemsOf(values), [
        'bastion-trail:bastionSubnetPrefix is "10.0.2.0/26"; the adopted network already has a subnet AzureBastionSubnet; set existingBastionSubnetId to use it',
        'bastion-trail:vmSubnetPrefix is "10.0.3.0/24"; the adopted network already has a subnet vms; set existingVmSubnetId to use it',
      ]);
    });

    it("is accepted later, when it is the stack's own", async () => {
      assert.deepEqual(await problemsOf(values, { ...azure, "group:trail": { name: "trail" } }), []);
    });
  });

  describe("a network that has a Bastion host", () => {
    const configurationOf = (host: string) => `${host}/bastionHostIpConfigurations/ip`;
    const withHost = (host: string): Azure => ({
      ...azure,
      hub: {
        ...azure.hub,
        subnets: [
          {
            name: "AzureBastionSubnet",
            addressPrefix: "10.0.0.0/26",
            ipConfigurations: [{ id: configurationOf(host) }],
          },
          { name: "vms", addressPrefix: "10.0.1.0/29", ipConfigurations: [] },
        ],
      },
    });
    const reason = `the network already has the Bastion host ${hostId}, and Azure allows only one; set existingBastionHostId to use it`;

    it("is refused for a second one", async () => {
      assert.deepEqual(await problemsOf(subnets, withHost(hostId)), [
        `bastion-trail:existingBastionSubnetId is "${subnets.existingBastionSubnetId}"; ${reason}`,
      ]);
      const developer = {
        ...network,
        existingVmSubnetId: subnets.existingVmSubnetId,
        bastionSku: "Developer",
        audit: false,
      };
      assert.deepEqual(await problemsOf(developer, withHost(hostId)), [
        `bastion-trail:existingVirtualNetworkId is "${networkId}"; ${reason}`,
      ]);
    });

    it("is accepted with that host, or with the stack's own", async () => {
      assert.deepEqual(await problemsOf({ ...subnets, existingBastionHostId: hostId }, withHost(hostId)), []);
      const own = `/subscriptions/${subscriptionId}/resourceGroups/Trail/providers/Microsoft.Network/bastionHosts/trail-bastion`;
      assert.deepEqual(await problemsOf(subnets, withHost(own)), []);
    });
  });

  describe("a VM subnet without room", () => {
    const interfaces = `/subscriptions/${subscriptionId}/resourceGroups/TRAIL/providers/Microsoft.Network/networkInterfaces`;
    const inUse = (...names: string[]): Azure => ({
      ...azure,
      hub: {
        ...azure.hub,
        subnets: [
          { name: "AzureBastionSubnet", addressPrefix: "10.0.0.0/26" },
          {
            name: "vms",
            addressPrefix: "10.0.1.0/29",
            ipConfigurations: names.map((name) => ({ id: `${interfaces}/${name}/ipConfigurations/internal` })),
          },
        ],
      },
    });
    const three = { ...subnets, vms: ["a", "b", "c"].map((name) => vm(name)) };

    it("is refused", async () => {
      assert.deepEqual(await problemsOf({ ...subnets, vms: ["a", "b", "c", "d"].map((name) => vm(name)) }), [
        `bastion-trail:existingVmSubnetId is "${subnets.existingVmSubnetId}"; has 3 usable addresses; the VMs need 4; Azure reserves 5 addresses of each subnet`,
      ]);
      const spoke = ["a", "b", "c", "d"].map((name) => vm(name, { subnetId: `${spokeId}/subnets/apps` }));
      assert.deepEqual(await problemsOf({ ...subnets, vms: spoke }), [
        `bastion-trail:vms[0].subnetId is "${spokeId}/subnets/apps"; has 3 usable addresses; the VMs need 4; Azure reserves 5 addresses of each subnet`,
      ]);
    });

    it("counts what somebody else uses, but not the VMs' own addresses", async () => {
      assert.deepEqual(await problemsOf(three, inUse("A-nic", "b-nic", "c-nic")), []);
      assert.deepEqual(await problemsOf(three, inUse("a-nic", "old-nic")), [
        `bastion-trail:existingVmSubnetId is "${subnets.existingVmSubnetId}"; has 3 usable addresses, 1 of them in use; the VMs need 3; Azure reserves 5 addresses of each subnet`,
      ]);
    });
  });

  describe("a Network Watcher", () => {
    it("is refused where the region of an adopted network has none", async () => {
      const missing =
        "networkWatcherId is undefined; Network Watcher NetworkWatcher_westeurope in NetworkWatcherRG: not found in the " +
        "provider's subscription; create it (az network watcher configure --enabled true --resource-group " +
        "NetworkWatcherRG --locations westeurope), name another one, or switch the flow logs off";
      assert.deepEqual(await problemsOf(subnets, azure, {}), [`bastion-trail:${missing}`]);
      assert.deepEqual(await problemsOf({ ...subnets, flowLogs: "off" }, azure, {}), []);
    });

    it("of a network that the stack creates is left to Azure", async () => {
      assert.deepEqual(await problemsOf({}, azure, {}), []);
    });

    it("that the config names must be there, in the region of the stack", async () => {
      const id = `${hub}/Microsoft.Network/networkWatchers/central`;
      const named = { networkWatcherId: id };
      assert.deepEqual(await problemsOf(named), [
        `bastion-trail:networkWatcherId is "${id}"; not found in the provider's subscription`,
      ]);
      assert.deepEqual(await problemsOf(named, azure, { central: { id, location: "northeurope" } }), [
        `bastion-trail:networkWatcherId is "${id}"; it is in northeurope; it must be in the region of the flow logs, westeurope`,
      ]);
      assert.deepEqual(await problemsOf(named, azure, { central: { id, location: "West Europe" } }), []);
    });
  });
});
