import assert from "node:assert/strict";
import {} from "../../../components/bastion-host/bastionHost.ts";
import {
  bastionHost,
  bastionSubnetId,
  publicIpId,
  standard,
  premium,
  developer,
  deploy,
  refusal,
} from "./hostProgram.ts";

describe("an adopted public IP address of a Bastion host", () => {
  it("is used instead of a new one", async () => {
    const { only, resources, result } = await deploy({ ...standard, existingPublicIpAddressId: publicIpId });
    assert.deepEqual(resources.map(({ name }) => name).sort(), ["trail", "trail-host"]);
    assert.deepEqual(only(bastionHost).inputs.ipConfigurations, [
      { name: "ipConfiguration", subnet: { id: bastionSubnetId }, publicIPAddress: { id: publicIpId } },
    ]);
    assert.equal(result.publicIpAddress, "20.9.9.9");
  });

  it("is refused unless it is Standard and static", async () => {
    assert.equal(
      await refusal(
        { ...standard, existingPublicIpAddressId: publicIpId },
        { publicIp: { sku: { name: "Basic" }, publicIPAllocationMethod: "Dynamic" } },
      ),
      `BastionHost "trail": existingPublicIpAddressId is "${publicIpId}"; Azure Bastion requires a Standard, static IPv4 address; this one is Basic, Dynamic, IPv4.`,
    );
  });

  it("is refused for a private-only or a Developer host", async () => {
    assert.equal(
      await refusal({ ...premium, privateOnly: true, existingPublicIpAddressId: publicIpId }),
      `BastionHost "trail": existingPublicIpAddressId is "${publicIpId}"; a private-only host has no public IP address; remove one of the two.`,
    );
    assert.equal(
      await refusal({ ...developer, existingPublicIpAddressId: publicIpId }),
      `BastionHost "trail": existingPublicIpAddressId is "${publicIpId}"; the Developer SKU has no public IP address.`,
    );
  });
});
