import assert from "node:assert/strict";
import {
  changesOf,
  ownPartProblems,
  renamedSubnetProblems,
  usedNetworkProblems,
} from "../../../components/bastion-network/networkMoves.ts";
import { describeProblem } from "../../../components/shared/problem.ts";
import { adopted, created, deploy, hub } from "./deployedNetwork.ts";

const own = {
  resourceGroupName: "rg",
  virtualNetworkName: "trail",
  bastionSubnetPrefix: "10.20.0.0/26",
  vmSubnetName: "vms",
};
const inHub = { ...own, existingVirtualNetworkId: hub };
const path = ({ place }: ReturnType<typeof changesOf>[number]["was"]) =>
  [place.resourceGroupName, place.virtualNetworkName, place.subnetName].filter((name) => name !== undefined).join("/");

describe("a deployed network", () => {
  it("records what a later deployment is compared with", async () => {
    const component = "bastion-trail:index:BastionNetwork";
    const { inputs, beforeUpdate } = (await deploy(created)).only(component);
    assert.deepEqual(inputs, own);
    assert.deepEqual(beforeUpdate, ["BastionNetwork trail stays-in-network"]);
    assert.deepEqual((await deploy(adopted)).only(component).inputs, { ...inHub, bastionSubnetPrefix: "10.0.1.0/26" });
  });

  it("is compared part by part, as far as both deployments have and know it", () => {
    const paths = (before: object, after: object) =>
      changesOf({ ...before }, { ...after }).map(({ was, wanted }) => [path(was), path(wanted)]);
    assert.deepEqual(paths(own, inHub), [
      ["rg/trail", "hub/hub-vnet"],
      ["rg/trail/AzureBastionSubnet", "hub/hub-vnet/AzureBastionSubnet"],
      ["rg/trail/vms", "hub/hub-vnet/vms"],
    ]);
    const spoke = hub.replace("hub-vnet", "spoke");
    assert.deepEqual(paths({ ...inHub, existingVmSubnetId: `${spoke}/subnets/servers` }, inHub).at(-1), [
      "hub/spoke/servers",
      "hub/hub-vnet/vms",
    ]);
    // A Developer host has no subnet of its own.
    const developer = { ...own, bastionSubnetPrefix: undefined };
    assert.deepEqual(paths(developer, own).length, 2);
    assert.deepEqual(paths({}, own), []);
    assert.deepEqual(paths(own, { ...own, existingVirtualNetworkId: {} }), []);
    assert.deepEqual(paths(own, { ...own, existingVirtualNetworkId: "hub" }), []);
  });

  const problems = (before: object, after: object) =>
    ownPartProblems(changesOf({ ...before }, { ...after })).map(describeProblem);

  it("is not adopted by the stack that created it, nor are its subnets", () => {
    const reason = "this stack created the resource of this id, and would delete it; set it back";
    const network = hub.replace("/hub/", "/RG/").replace("hub-vnet", "Trail");
    assert.deepEqual(problems(own, { ...own, existingVirtualNetworkId: network }), [
      `existingVirtualNetworkId is "${network}"; ${reason}`,
    ]);
    const [bastionSubnet, vmSubnet] = [`${hub}/subnets/AzureBastionSubnet`, `${hub}/subnets/VMs`];
    const ids = { existingBastionSubnetId: bastionSubnet, existingVmSubnetId: vmSubnet };
    assert.deepEqual(problems(inHub, { ...inHub, ...ids }), [
      `existingBastionSubnetId is "${bastionSubnet}"; ${reason}`,
      `existingVmSubnetId is "${vmSubnet}"; ${reason}`,
    ]);
    assert.deepEqual(problems(inHub, { ...inHub, existingVmSubnetId: `${hub}/subnets/more` }), []);
    assert.deepEqual(problems({ ...inHub, ...ids }, { ...inHub, ...ids }), []);
    assert.deepEqual(problems({ ...inHub, ...ids }, inHub), []);
  });

  it("does not become another one while it is in use", () => {
    const [change] = changesOf(inHub, own);
    const nic = `${hub.replace("virtualNetworks/hub-vnet", "networkInterfaces/web-nic")}/ipConfigurations/internal`;
    assert.deepEqual(usedNetworkProblems(change!, []), []);
    assert.deepEqual(usedNetworkProblems(change!, [nic]).map(describeProblem), [
      "existingVirtualNetworkId is missing; the virtual network hub-vnet is in use (by networkInterfaces/web-nic), and Azure moves " +
        "neither a Bastion host nor a VM to another one; set it back, or first delete what uses the network",
    ]);
  });

  it("names the argument that names another one", () => {
    const keys = (after: object) => {
      const [change] = changesOf(own, { ...own, ...after });
      return usedNetworkProblems(change!, ["web"]).map(({ key, value }) => [key, value]);
    };
    assert.deepEqual(keys({ virtualNetworkName: "other" }), [["virtualNetworkName", "other"]]);
    assert.deepEqual(keys({ resourceGroupName: "other" }), [["resourceGroupName", "other"]]);
    assert.deepEqual(keys({ existingVirtualNetworkId: hub }), [["existingVirtualNetworkId", hub]]);
  });

  it("keeps the name of a subnet in use, with another range as well", () => {
    const renamed = (before: object, after: object, users: readonly string[]) =>
      changesOf({ ...before }, { ...after }).flatMap((change) =>
        renamedSubnetProblems(change, users).map(describeProblem),
      );
    const nic = `${hub.replace("virtualNetworks/hub-vnet", "networkInterfaces/web-nic")}/ipConfigurations/internal`;
    const other = { ...own, vmSubnetName: "servers" };
    const refused = [
      'vmSubnetName is "servers"; it was vms, and Azure does not rename a subnet in use (by networkInterfaces/web-nic); ' +
        "set it back, or first delete what uses the subnet",
    ];
    assert.deepEqual(renamed(own, other, [nic]), refused);
    assert.deepEqual(renamed(inHub, { ...inHub, vmSubnetName: "servers" }, [nic]), refused);
    assert.deepEqual(renamed(own, other, []), []);
    // Azure takes this for the same name, but Pulumi would delete the subnet to create it under the other one.
    assert.match(renamed(own, { ...own, vmSubnetName: "VMs" }, [nic]).join(), /^vmSubnetName is "VMs"; it was vms,/);
    // Another network has a reason of its own, and VMs can move to an adopted subnet of the same network.
    assert.deepEqual(renamed(own, { ...other, virtualNetworkName: "other" }, [nic]), []);
    assert.deepEqual(renamed(inHub, { ...inHub, existingVmSubnetId: `${hub}/subnets/servers` }, [nic]), []);
  });
});
