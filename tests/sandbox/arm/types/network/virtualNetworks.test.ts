import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../../../../sandbox/arm/json.ts";
import { bastionSubnet, isGuid, network, nicBody, putNetwork, startCloud, vmSubnet } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";

describe("Microsoft.Network/virtualNetworks", () => {
  const cloud = forEachTest(startCloud);

  const vnet = (subnets: [name: string, prefix: string][], space = ["10.0.0.0/16"]): JsonObject => ({
    location: "westeurope",
    properties: {
      addressSpace: { addressPrefixes: space },
      subnets: subnets.map(([name, addressPrefix]) => ({ name, properties: { addressPrefix } })),
    },
  });
  const names = async (): Promise<Json[]> => {
    const { properties } = await cloud.get(network);
    return ((properties as JsonObject).subnets as JsonObject[]).map(({ name }) => name ?? null);
  };

  it("shows how full its subnets are, without the five addresses that Azure reserves in each", async () => {
    await putNetwork(cloud);
    await cloud.put("Microsoft.Network/networkInterfaces/nic", nicBody(cloud));
    const usage = (subnet: string, currentValue: number, limit: number): JsonObject => ({
      id: cloud.id(subnet),
      name: { value: "SubnetSpace", localizedValue: "Subnet size and usage" },
      currentValue,
      limit,
      unit: "Count",
    });
    assert.deepEqual(await cloud.get(`${network}/usages`), {
      value: [usage(bastionSubnet, 0, 59), usage(vmSubnet, 1, 251)],
    });
  });

  it("shows its subnets inline, with Azure's defaults", async () => {
    const body = await cloud.put(network, vnet([["vms", "10.0.1.0/24"]]));
    const { resourceGuid, subnets, ...properties } = body.properties as JsonObject;
    assert.ok(isGuid(resourceGuid));
    assert.deepEqual(properties, {
      provisioningState: "Succeeded",
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
      enableDdosProtection: false,
      virtualNetworkPeerings: [],
    });
    const [subnet] = subnets as JsonObject[];
    assert.deepEqual(
      { ...subnet, etag: "" },
      {
        id: cloud.id(vmSubnet),
        name: "vms",
        etag: "",
        type: "Microsoft.Network/virtualNetworks/subnets",
        properties: {
          addressPrefix: "10.0.1.0/24",
          delegations: [],
          privateEndpointNetworkPolicies: "Disabled",
          privateLinkServiceNetworkPolicies: "Enabled",
          provisioningState: "Succeeded",
        },
      },
    );
  });

  it("keeps the order of the subnets as they were sent, then those made one by one", async () => {
    await cloud.put(
      network,
      vnet([
        ["z", "10.0.1.0/24"],
        ["a", "10.0.2.0/24"],
      ]),
    );
    await cloud.put(`${network}/subnets/b`, { properties: { addressPrefix: "10.0.3.0/24" } });
    assert.deepEqual(await names(), ["z", "a", "b"]);
  });

  it("deletes the subnets that a PUT leaves out, but not those that a PATCH does not name", async () => {
    await cloud.put(
      network,
      vnet([
        ["a", "10.0.1.0/24"],
        ["b", "10.0.2.0/24"],
      ]),
    );
    await cloud.patch(network, { tags: { team: "access" } });
    assert.deepEqual(await names(), ["a", "b"]);
    await cloud.put(network, vnet([["b", "10.0.2.0/24"]]));
    assert.deepEqual(await names(), ["b"]);
    await cloud.put(network, {
      location: "westeurope",
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
    });
    assert.deepEqual(await names(), []);
  });

  it("does not let a PUT leave out a subnet that is in use", async () => {
    await putNetwork(cloud);
    await cloud.put("Microsoft.Network/networkInterfaces/nic", nicBody(cloud));
    const inUse = `400 InUseSubnetCannotBeDeleted: Subnet vms is in use by ${cloud.id("Microsoft.Network/networkInterfaces/nic")}/ipConfigurations/internal and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`;
    assert.equal(await cloud.refusal("PUT", network, vnet([])), inUse);
    assert.equal(await cloud.refusal("DELETE", vmSubnet), inUse);
    assert.equal(await cloud.refusal("DELETE", network), inUse);
  });

  it("does not move a subnet that is in use", async () => {
    await putNetwork(cloud);
    await cloud.put("Microsoft.Network/networkInterfaces/nic", nicBody(cloud));
    assert.equal(
      await cloud.refusal("PUT", vmSubnet, { properties: { addressPrefix: "10.0.2.0/24" } }),
      "400 InUsePrefixCannotBeDeleted: IpPrefix 10.0.1.0/24 on Subnet vms has active allocations and cannot be deleted.",
    );
  });

  it("does not have two subnets of one name, whatever its case", async () => {
    const body = vnet([
      ["vms", "10.0.0.0/24"],
      ["VMs", "10.0.1.0/24"],
    ]);
    assert.deepEqual((await cloud.send("PUT", network, body)).body.error, {
      code: "InvalidRequestFormat",
      message: "Cannot parse the request.",
      details: [
        {
          code: "DuplicateResourceName",
          message: `Resource ${cloud.id(network)} has two child resources with the same name (VMs).`,
        },
      ],
    });
  });

  const refusals: Record<string, [body: JsonObject, refusal: string]> = {
    "a subnet outside of the address space": [
      vnet([["vms", "10.1.0.0/24"]]),
      "NetcfgSubnetRangeOutsideVnet: Subnet 'vms' is not valid because its IP address range is outside the IP address range of virtual network 'net'.",
    ],
    "overlapping subnets": [
      vnet([
        ["a", "10.0.0.0/24"],
        ["b", "10.0.0.128/25"],
      ]),
      "NetcfgSubnetRangesOverlap: Subnet 'b' is not valid because its IP address range overlaps with that of an existing subnet in virtual network 'net'.",
    ],
    "a subnet smaller than /29": [
      vnet([["vms", "10.0.0.0/30"]]),
      "NetcfgInvalidSubnet: Subnet 'vms' is not valid in virtual network 'net'.",
    ],
    "a prefix with bits past its length": [
      vnet([["vms", "10.0.1.5/24"]]),
      "InvalidCIDRNotation: The address prefix 10.0.1.5/24 in resource {network}/subnets/vms has an invalid CIDR notation. For the given prefix length, the address prefix should be 10.0.1.0/24.",
    ],
    "an address space that is no prefix": [
      vnet([], ["10.0.0.0"]),
      "InvalidAddressPrefixFormat: Address prefix 10.0.0.0 of resource {network} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.",
    ],
    "an overlapping address space": [
      vnet([], ["10.0.0.0/16", "10.0.1.0/24"]),
      "NetcfgInvalidVirtualNetworkSite: Address prefixes 10.0.0.0/16 and 10.0.1.0/24 of virtual network {network} overlap.",
    ],
  };
  for (const [name, [body, refusal]] of Object.entries(refusals)) {
    it(`refuses ${name}`, async () => {
      assert.equal(await cloud.refusal("PUT", network, body), `400 ${refusal.replace("{network}", cloud.id(network))}`);
    });
  }
});

describe("Microsoft.Network/virtualNetworks/subnets", () => {
  const cloud = forEachTest(() => startCloud({ operationDelayMs: 20 }));
  beforeEach(() => putNetwork(cloud));

  it("is written one at a time in a network", async () => {
    // Long enough that the first write surely goes on, however busy the machine is.
    await cloud.plane.admin("POST", "/sandbox/delays", { operationDelayMs: 60_000 });
    const first = cloud.send("PUT", `${network}/subnets/a`, { properties: { addressPrefix: "10.0.2.0/24" } });
    assert.equal((await first).status, 201);
    const second = { properties: { addressPrefix: "10.0.3.0/24" } };
    assert.equal(
      await cloud.refusal("PUT", `${network}/subnets/b`, second),
      "409 AnotherOperationInProgress: Another operation on this or dependent resource is in progress.",
    );
  });

  it("names the NSG that guards it, and the NSG names the subnet", async () => {
    const nsg = cloud.id("Microsoft.Network/networkSecurityGroups/nsg");
    await cloud.put(nsg, { location: "westeurope", properties: {} });
    const subnet = await cloud.put(vmSubnet, {
      properties: { addressPrefix: "10.0.1.0/24", networkSecurityGroup: { id: nsg } },
    });
    assert.deepEqual((subnet.properties as JsonObject).networkSecurityGroup, { id: nsg });
    assert.deepEqual(((await cloud.get(nsg)).properties as JsonObject).subnets, [{ id: cloud.id(vmSubnet) }]);
    assert.equal(
      await cloud.refusal("DELETE", nsg),
      `400 InUseNetworkSecurityGroupCannotBeDeleted: Network security group ${nsg} cannot be deleted because it is in use by the following resources: ${cloud.id(vmSubnet)}. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.`,
    );
  });

  it("refuses an NSG that is not there, or not in its region", async () => {
    const far = cloud.id("Microsoft.Network/networkSecurityGroups/far");
    await cloud.put(far, { location: "northeurope", properties: {} });
    for (const nsg of [far, cloud.id("Microsoft.Network/networkSecurityGroups/missing")]) {
      const body = { properties: { addressPrefix: "10.0.1.0/24", networkSecurityGroup: { id: nsg } } };
      assert.equal(
        await cloud.refusal("PUT", vmSubnet, body),
        `400 InvalidResourceReference: Resource ${nsg} referenced by resource ${cloud.id(vmSubnet)} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
      );
    }
  });

  it("takes no delegation for AzureBastionSubnet", async () => {
    const properties = {
      addressPrefix: "10.0.0.0/26",
      delegations: [{ name: "d", properties: { serviceName: "Microsoft.Web/serverFarms" } }],
    };
    assert.equal(
      await cloud.refusal("PUT", bastionSubnet, { properties }),
      "400 DelegationNotAllowedForAzureBastionSubnet: Azure Bastion Subnet AzureBastionSubnet cannot be delegated.",
    );
  });

  it("takes no route table for AzureBastionSubnet", async () => {
    const routeTable = { id: cloud.id("Microsoft.Network/routeTables/routes") };
    const properties = { addressPrefix: "10.0.0.0/26", routeTable };
    assert.equal(
      await cloud.refusal("PUT", bastionSubnet, { properties }),
      "400 RouteTableCannotBeAttachedForAzureBastionSubnet: Route table routes cannot be attached to Azure Bastion Subnet AzureBastionSubnet.",
    );
  });
});
