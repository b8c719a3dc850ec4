import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { BastionHostArgs } from "../../../components/bastion-host/bastionHost.ts";
import { BastionSku } from "../../../components/bastion-host/bastionSku.ts";
import { subscriptionId } from "../recordedProgram.ts";
import { network, bastionSubnetId, adoptedId, place, deploy, refusal } from "./hostProgram.ts";

describe("an adopted Bastion host", () => {
  const adopted: BastionHostArgs = { ...place, existingBastionHostId: adoptedId, audited: true };

  it("is read and left as it is, and gives the same outputs", async () => {
    const { resources, result, calls } = await deploy(adopted);
    assert.deepEqual(
      resources.map(({ name }) => name),
      ["trail"],
    );
    assert.deepEqual(calls, [
      {
        token: "azure-native:network:getBastionHost",
        inputs: { resourceGroupName: "hub", bastionHostName: "hub-bastion" },
      },
      {
        token: "azure-native:network:getPublicIPAddress",
        inputs: { resourceGroupName: "hub", publicIpAddressName: "hub-ip" },
      },
    ]);
    assert.deepEqual(result, {
      hostId: adoptedId,
      hostName: "hub-bastion",
      location: "northeurope",
      dnsName: "bst-2.bastion.azure.com",
      publicIpAddress: "20.9.9.9",
      recordingNotice: undefined,
    });
  });

  it("may be private-only", async () => {
    const { result } = await deploy(adopted, { host: { ipConfigurations: [{ subnet: { id: bastionSubnetId } }] } });
    assert.equal(result.publicIpAddress, undefined);
  });

  it("is refused with auditing when it is Developer", async () => {
    assert.equal(
      await refusal(adopted, { host: { sku: { name: "Developer" } } }),
      `BastionHost "trail": existingBastionHostId is "${adoptedId}"; the host has the Developer SKU, which emits no audit logs; auditing requires SKU Basic, Standard or Premium.`,
    );
    const { result } = await deploy({ ...adopted, audited: false }, { host: { sku: { name: "Developer" } } });
    assert.equal(result.hostId, adoptedId);
  });

  it("is refused in another subscription, where the provider finds one of the same name", async () => {
    const other = adoptedId.replace(subscriptionId, "99999999-0000-0000-0000-000000000000");
    assert.equal(
      await refusal({ ...adopted, existingBastionHostId: other }),
      `BastionHost "trail": existingBastionHostId is "${other}"; must be in the provider's own subscription; the lookup there found ${adoptedId}.`,
    );
  });

  it("takes no settings, and only the id of a Bastion host", async () => {
    assert.equal(
      await refusal({ ...adopted, existingBastionHostId: network, sku: BastionSku.Basic, scaleUnits: 2 }),
      'BastionHost "trail" has 3 problems:\n' +
        '  - sku is "Basic"; not allowed with existingBastionHostId: an adopted host keeps its own settings.\n' +
        "  - scaleUnits is 2; not allowed with existingBastionHostId: an adopted host keeps its own settings.\n" +
        `  - existingBastionHostId is "${network}"; must be the ARM id of a Microsoft.Network/bastionHosts resource.`,
    );
  });

  it("is refused with settings before its id is known", async () => {
    assert.equal(
      await refusal({ ...adopted, existingBastionHostId: pulumi.output("hub"), scaleUnits: 2 }),
      'BastionHost "trail": scaleUnits is 2; not allowed with existingBastionHostId: an adopted host keeps its own settings.',
    );
  });
});
