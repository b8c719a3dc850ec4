import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { bastionUpdateProblems, publicIpUpdateProblems } from "../../../components/bastion-host/bastionUpdate.ts";
import { describeProblem } from "../../../components/shared/problem.ts";

const subnet =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/AzureBastionSubnet";
const standard = {
  sku: { name: "Standard" },
  location: "westeurope",
  zones: ["1", "2"],
  scaleUnits: 2,
  enablePrivateOnlyBastion: false,
  ipConfigurations: [{ name: "ipConfiguration", subnet: { id: subnet }, publicIPAddress: { id: "/ip" } }],
};
const change = (after: object, before: object = {}): string[] =>
  bastionUpdateProblems({ ...standard, ...before }, { ...standard, ...after }).map(describeProblem);

describe("an update of a Bastion host", () => {
  it("may change scale units, features and tags, and spell ids and regions in another way", () => {
    assert.deepEqual(
      change({
        scaleUnits: 9,
        enableTunneling: true,
        tags: { a: "b" },
        location: "West Europe",
        zones: ["2", "1"],
        ipConfigurations: [{ subnet: { id: subnet.toUpperCase() }, publicIPAddress: { id: "/IP" } }],
      }),
      [],
    );
  });

  it("may raise the SKU, and never lowers it", () => {
    const skus = ["Developer", "Basic", "Standard", "Premium"];
    for (const [from, was] of skus.entries()) {
      for (const [to, is] of skus.entries()) {
        assert.deepEqual(
          change({ sku: { name: is } }, { sku: { name: was } }),
          to >= from
            ? []
            : [
                `sku is "${is}"; it was ${was}, and Azure does not downgrade Bastion hosts; set it back, or delete the host and deploy it again`,
              ],
        );
      }
    }
  });

  it("may add subnet and public IP address in the upgrade from Developer", () => {
    assert.deepEqual(
      bastionUpdateProblems(
        { sku: { name: "Developer" }, location: "westeurope", virtualNetwork: { id: "/v" } },
        { ...standard, zones: undefined },
      ),
      [],
    );
  });

  it("does not change zones, private-only, region, subnet or public IP address", () => {
    const remake = "set it back, or delete the host and deploy it again";
    assert.deepEqual(
      change({
        zones: ["1"],
        enablePrivateOnlyBastion: true,
        location: "northeurope",
        ipConfigurations: [{ subnet: { id: "/other" }, publicIPAddress: { id: "/other-ip" } }],
      }),
      [
        'zones is ["1"]; the host was made in 1, 2, and zones cannot change; set them back, or delete the host and deploy it again',
        `privateOnly is true; it was false, and private-only can be chosen only when the host is created; ${remake}`,
        `location is "northeurope"; it was westeurope, and a Bastion host cannot move; ${remake}`,
        `bastionSubnetId is "/other"; it was ${subnet}, and Azure cannot change it on a Bastion host; ${remake}`,
        `existingPublicIpAddressId is "/other-ip"; it was /ip, and Azure cannot change it on a Bastion host; ${remake}`,
      ],
    );
    assert.deepEqual(change({}, { zones: undefined }), [
      'zones is ["1","2"]; the host was made without zones, and zones cannot change; set them back, or delete the host and deploy it again',
    ]);
  });

  it("does not change the network of a Developer host, until its upgrade", () => {
    const developer = { sku: { name: "Developer" }, virtualNetwork: { id: "/hub" } };
    const problems = (after: object) => bastionUpdateProblems(developer, { ...after }).map(describeProblem);
    assert.deepEqual(problems({ ...developer, virtualNetwork: { id: "/other" } }), [
      'virtualNetworkId is "/other"; it was /hub, and Azure cannot change it on a Bastion host; set it back, or delete the host and deploy it again',
    ]);
    assert.deepEqual(problems({ ...developer, virtualNetwork: { id: "/HUB" } }), []);
    assert.deepEqual(problems({ sku: { name: "Basic" }, ipConfigurations: [{ subnet: { id: "/other" } }] }), []);
  });

  it("is not judged by what is not known yet in a preview", () => {
    const unknown = pulumi.output(Promise.resolve("later"));
    assert.deepEqual(
      change({ zones: unknown, location: unknown, ipConfigurations: [{ subnet: { id: unknown } }] }),
      [],
    );
  });
});

describe("an update of a host's public IP address", () => {
  it("does not change its zones", () => {
    assert.deepEqual(publicIpUpdateProblems({ zones: ["1"] }, { zones: ["1"], tags: {} }), []);
    assert.deepEqual(publicIpUpdateProblems({ zones: ["1", "2", "3"] }, {}).map(describeProblem), [
      "zones is []; the public IP address of the host was made in 1, 2, 3, and zones cannot change; set them back, or delete both and deploy them again",
    ]);
  });
});
