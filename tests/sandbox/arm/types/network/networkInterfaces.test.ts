import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { bastionSubnet, isGuid, network, nicBody, putNetwork, startCloud, vmSubnet } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";

const nic = "Microsoft.Network/networkInterfaces/nic";

describe("Microsoft.Network/networkInterfaces", () => {
  const cloud = forEachTest(startCloud);
  beforeEach(() => putNetwork(cloud));

  const addressOf = (body: JsonObject): unknown => {
    const [configuration] = (body.properties as JsonObject).ipConfigurations as JsonObject[];
    return (configuration!.properties as JsonObject).privateIPAddress;
  };
  const fixed = (privateIPAddress: string): JsonObject =>
    nicBody(cloud, {}, { privateIPAddress, privateIPAllocationMethod: "Static" });

  it("shows what Azure adds to it", async () => {
    const { properties } = await cloud.put(nic, nicBody(cloud));
    const { resourceGuid, dnsSettings, ...rest } = properties as JsonObject;
    assert.ok(isGuid(resourceGuid));
    assert.deepEqual((dnsSettings as JsonObject).dnsServers, []);
    assert.deepEqual(rest, {
      provisioningState: "Succeeded",
      ipConfigurations: [
        {
          name: "internal",
          id: `${cloud.id(nic)}/ipConfigurations/internal`,
          type: "Microsoft.Network/networkInterfaces/ipConfigurations",
          properties: {
            provisioningState: "Succeeded",
            privateIPAddress: "10.0.1.4",
            privateIPAllocationMethod: "Dynamic",
            privateIPAddressVersion: "IPv4",
            primary: true,
            subnet: { id: cloud.id(vmSubnet) },
          },
        },
      ],
      enableAcceleratedNetworking: false,
      enableIPForwarding: false,
      disableTcpStateTracking: false,
      vnetEncryptionSupported: false,
      hostedWorkloads: [],
      tapConfigurations: [],
      nicType: "Standard",
      auxiliaryMode: "None",
      auxiliarySku: "None",
    });
  });

  it("lists its IP configurations, and shows each by its name", async () => {
    const { properties } = await cloud.put(nic, nicBody(cloud));
    const [internal] = (properties as JsonObject).ipConfigurations as JsonObject[];
    assert.deepEqual(await cloud.get(`${nic}/ipConfigurations`), { value: [internal] });
    assert.deepEqual(await cloud.get(`${nic}/ipConfigurations/internal`), internal);
  });

  it("gets the lowest free address past the four that Azure keeps, and keeps it", async () => {
    assert.equal(addressOf(await cloud.put(`${nic}1`, nicBody(cloud))), "10.0.1.4");
    assert.equal(addressOf(await cloud.put(`${nic}2`, nicBody(cloud))), "10.0.1.5");
    await cloud.delete(`${nic}1`);
    assert.equal(addressOf(await cloud.put(`${nic}2`, nicBody(cloud))), "10.0.1.5");
    assert.equal(addressOf(await cloud.put(`${nic}3`, nicBody(cloud))), "10.0.1.4");
  });

  it("takes an address of its own choice when it is free and not kept by Azure", async () => {
    assert.equal(addressOf(await cloud.put(nic, fixed("10.0.1.50"))), "10.0.1.50");
    const refusals = {
      "10.0.2.4":
        "PrivateIPAddressNotInSubnet: Private static IP address 10.0.2.4 does not belong to the range of subnet prefix 10.0.1.0/24.",
      "10.0.1.3":
        "PrivateIPAddressInReservedRange: Private static IP address 10.0.1.3 falls within reserved IP range of subnet prefix 10.0.1.0/24.",
      "10.0.1.255":
        "PrivateIPAddressInReservedRange: Private static IP address 10.0.1.255 falls within reserved IP range of subnet prefix 10.0.1.0/24.",
      "10.0.1.50": `PrivateIPAddressIsAllocated: IP configuration ${cloud.id(`${nic}2`)}/ipConfigurations/internal is using the private IP address 10.0.1.50 which is already allocated to resource ${cloud.id(nic)}/ipConfigurations/internal.`,
    };
    for (const [address, refusal] of Object.entries(refusals)) {
      assert.equal(await cloud.refusal("PUT", `${nic}2`, fixed(address)), `400 ${refusal}`);
    }
  });

  it("is refused in a full subnet", async () => {
    const small = `${network}/subnets/small`;
    await cloud.put(small, { properties: { addressPrefix: "10.0.9.0/29" } });
    const body = nicBody(cloud, {}, { subnet: { id: cloud.id(small) } });
    for (const number of [1, 2, 3]) await cloud.put(`${nic}${number}`, body);
    assert.equal(
      await cloud.refusal("PUT", `${nic}4`, body),
      `400 SubnetIsFull: Subnet ${cloud.id(small)} with address prefix 10.0.9.0/29 does not have enough capacity for 1 IP addresses.`,
    );
  });

  it("moves to another subnet of its virtual network, and to no other network", async () => {
    const [second, other] = [`${network}/subnets/second`, "Microsoft.Network/virtualNetworks/other"];
    await cloud.put(second, { properties: { addressPrefix: "10.0.2.0/24" } });
    const subnets = [{ name: "vms", properties: { addressPrefix: "10.9.0.0/24" } }];
    await cloud.put(other, {
      location: "westeurope",
      properties: { addressSpace: { addressPrefixes: ["10.9.0.0/16"] }, subnets },
    });
    const inSubnet = (id: string): JsonObject => nicBody(cloud, {}, { subnet: { id: cloud.id(id) } });
    await cloud.put(nic, nicBody(cloud));
    assert.equal(addressOf(await cloud.put(nic, inSubnet(second))), "10.0.2.4");
    assert.equal(
      await cloud.refusal("PUT", nic, inSubnet(`${other}/subnets/vms`)),
      `400 SubnetsNotInSameVnet: Subnet ${cloud.id(`${other}/subnets/vms`)} is not in the same virtual network as subnet ${cloud.id(second)}. All subnets that network interface ${cloud.id(nic)} refers to must be in the same virtual network.`,
    );
  });

  it("is refused in an application security group, which the sandbox does not have", async () => {
    const id = cloud.id("Microsoft.Network/applicationSecurityGroups/web");
    assert.equal(
      await cloud.refusal("PUT", nic, nicBody(cloud, {}, { applicationSecurityGroups: [{ id }] })),
      `400 InvalidResourceReference: Resource ${id} referenced by resource ${cloud.id(nic)} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    );
  });

  it("is refused in AzureBastionSubnet", async () => {
    const { code } = await cloud.refused("PUT", nic, nicBody(cloud, {}, { subnet: { id: cloud.id(bastionSubnet) } }));
    assert.equal(code, "AzureBastionSubnetCannotBeUsedByOtherResources");
  });

  it("is named by its NSG, which cannot be deleted before it", async () => {
    const nsg = "Microsoft.Network/networkSecurityGroups/nsg";
    await cloud.put(nsg, { location: "westeurope", properties: {} });
    await cloud.put(nic, nicBody(cloud, { networkSecurityGroup: { id: cloud.id(nsg) } }));
    assert.deepEqual(((await cloud.get(nsg)).properties as JsonObject).networkInterfaces, [{ id: cloud.id(nic) }]);
    assert.equal((await cloud.refused("DELETE", nsg)).code, "InUseNetworkSecurityGroupCannotBeDeleted");
    await cloud.delete(nic);
    await cloud.delete(nsg);
  });

  it("does not share a public IP address", async () => {
    const pip = cloud.id("Microsoft.Network/publicIPAddresses/pip");
    await cloud.put(pip, { location: "westeurope", sku: { name: "Standard" }, properties: {} });
    await cloud.put(nic, nicBody(cloud, {}, { publicIPAddress: { id: pip } }));
    assert.equal(
      await cloud.refusal("PUT", `${nic}2`, nicBody(cloud, {}, { publicIPAddress: { id: pip } })),
      `400 PublicIPAddressInUse: Resource ${cloud.id(`${nic}2`)}/ipConfigurations/internal is referencing public IP address ${pip} that is already allocated to resource ${cloud.id(nic)}/ipConfigurations/internal.`,
    );
  });

  it("is one of a thousand, each with an address of its own", async () => {
    const large = `${network}/subnets/large`;
    await cloud.put(large, { properties: { addressPrefix: "10.0.64.0/20" } });
    const body = nicBody(cloud, {}, { subnet: { id: cloud.id(large) } });
    const addresses = new Set<unknown>();
    for (let number = 0; number < 1_000; number++) {
      const answer = await cloud.send("PUT", `${nic}${number}`, body);
      addresses.add(addressOf(answer.body));
    }
    assert.equal(addresses.size, 1_000);
  }).timeout(120_000);
});
