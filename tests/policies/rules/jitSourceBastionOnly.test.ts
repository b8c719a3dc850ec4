import assert from "node:assert/strict";
import { jitSourceBastionOnly } from "../../../policies/rules/jitSourceBastionOnly.ts";
import { audited, changed, components, inComponents, judge, type Part, unknown } from "../stack.ts";
import { jitPolicy, vm } from "./jit.ts";

describe("policy jit-source-bastion-only", () => {
  const from = (port: object, config = {}, stack = audited) =>
    judge(jitSourceBastionOnly, [...stack, vm, jitPolicy(port)], config);
  const violation = (source: string) => [
    `web-jit: Port 22 can be opened to ${source}, which is in no Bastion subnet that is known.`,
  ];

  it("accepts the Bastion subnet, or a part of it", () => {
    assert.deepEqual(from({}), []);
    assert.deepEqual(from({ allowedSourceAddressPrefix: "10.60.0.4" }), []);
    assert.deepEqual(
      from({ allowedSourceAddressPrefix: undefined, allowedSourceAddressPrefixes: ["10.60.0.0/27"] }),
      [],
    );
  });

  it("accepts the Bastion subnet among the inputs of its virtual network", () => {
    const network: Part = {
      type: "network:VirtualNetwork",
      name: "vnet",
      props: {
        subnets: [
          { name: "AzureBastionSubnet", addressPrefix: "10.9.0.0/26" },
          { name: "vms", addressPrefix: "10.9.1.0/24" },
        ],
      },
    };
    assert.deepEqual(from({ allowedSourceAddressPrefix: "10.9.0.0/26" }, {}, [network]), []);
    assert.deepEqual(from({ allowedSourceAddressPrefix: "10.9.1.0/24" }, {}, [network]), violation("10.9.1.0/24"));
  });

  it("refuses anything wider, and no source at all", () => {
    assert.deepEqual(from({ allowedSourceAddressPrefix: "10.60.0.0/16" }), violation("10.60.0.0/16"));
    assert.deepEqual(from({ allowedSourceAddressPrefix: "*" }), violation("*"));
    assert.deepEqual(from({ allowedSourceAddressPrefix: "VirtualNetwork" }), violation("VirtualNetwork"));
    assert.deepEqual(from({ allowedSourceAddressPrefix: undefined }), violation("*"));
    assert.deepEqual(from({ allowedSourceAddressPrefixes: ["203.0.113.7"] }), violation("203.0.113.7"));
  });

  it("accepts Bastion subnets of other stacks that its config names", () => {
    const port = { allowedSourceAddressPrefix: "10.9.0.0/26" };
    assert.deepEqual(from(port, { bastionSubnets: ["10.9.0.0/26"] }), []);
    assert.deepEqual(from(port, {}, []), [
      "web-jit: Port 22 can be opened to 10.9.0.0/26, which is in no Bastion subnet that is known: name them in bastionSubnets of this policy's config.",
    ]);
  });

  it("refuses a wide source in a preview, where the plural form is unknown", () => {
    const port = { allowedSourceAddressPrefix: "10.60.0.0/16", allowedSourceAddressPrefixes: unknown };
    assert.deepEqual(from(port), violation("10.60.0.0/16"));
  });

  it("knows the Bastion subnet of a preview by its host", () => {
    assert.deepEqual(from({}, {}, changed(audited, "bastion-subnet", { name: unknown })), []);
  });

  it("knows the Bastion subnet in a component that is called from another language", () => {
    const vmSubnet: Part = {
      type: "network:Subnet",
      name: "vm-subnet",
      props: { name: "vms", addressPrefix: "10.60.1.0/24" },
    };
    const deployed = [...audited, vmSubnet];
    const toVms = { allowedSourceAddressPrefix: "10.60.1.0/24" };
    assert.deepEqual(from({}, {}, inComponents(deployed, components)), []);
    assert.deepEqual(from(toVms, {}, inComponents(deployed, components)), violation("10.60.1.0/24"));
    // A preview does not know which of the two is the host's.
    const previewed = changed(changed(deployed, "bastion-subnet", { name: unknown }), "vm-subnet", { name: unknown });
    assert.deepEqual(from({}, {}, inComponents(previewed, components)), []);
    assert.deepEqual(from({ allowedSourceAddressPrefix: "10.60.2.0/24" }, {}, inComponents(previewed, components)), [
      ...violation("10.60.2.0/24"),
    ]);
  });

  it("says nothing of a source that is not yet known", () => {
    assert.deepEqual(from({ allowedSourceAddressPrefix: unknown }), []);
    assert.deepEqual(judge(jitSourceBastionOnly, audited), []);
  });
});
