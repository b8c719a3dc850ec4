import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "../../../program/config/index.ts";

const name = "organization/bastion-trail/hub";
const network =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet";
const subnet = `${network}/subnets/AzureBastionSubnet`;
const host =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.Network/bastionHosts/hub-bastion";
const hubOutputs = { bastionHostId: host, virtualNetworkId: network, bastionSubnetId: subnet };
const spokeSubnet =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/spoke/subnets/vms";

/** Loads the config of the stack `spoke`, where the other stack has these outputs. */
async function load(
  config: Readonly<Record<string, string>>,
  outputs: object = hubOutputs,
  read: () => object = () => ({}),
) {
  const references: unknown[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, inputs }: pulumi.runtime.MockResourceArgs) => {
        references.push([type, (inputs as { name: unknown }).name]);
        return { id: name, state: { ...(inputs as object), outputs } };
      },
      call: read,
    },
    "bastion-trail",
    "spoke",
    false,
    "organization",
  );
  const all = { location: "westeurope", ...config };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(all).map(([key, value]) => [`bastion-trail:${key}`, value])),
  );
  return { config: await loadConfig(), references };
}

describe("a stack that names the stack of its hub", () => {
  const spoke = { hubStack: name, audit: "false", existingVmSubnetId: spokeSubnet };

  it("uses that stack's Bastion host, network and subnet", async () => {
    const { config, references } = await load({ ...spoke, existingBastionHostId: "", existingVirtualNetworkId: "" });
    assert.deepEqual(references, [["pulumi:pulumi:StackReference", name]]);
    assert.equal(config.bastion.existingBastionHostId, host);
    assert.equal(config.network.existingVirtualNetworkId, network);
    assert.equal(config.network.existingBastionSubnetId, subnet);
    assert.equal(config.network.existingVmSubnetId, spokeSubnet);
  });

  it("refers to no stack where it names none", async () => {
    assert.deepEqual((await load({ hubStack: "" })).references, []);
    assert.deepEqual((await load({})).references, []);
  });

  const refusals = [
    {
      title: "a malformed name",
      config: { ...spoke, hubStack: "hub" },
      message:
        'The config of stack spoke: bastion-trail:hubStack is "hub"; must be ORGANIZATION/PROJECT/STACK, such as "organization/bastion-trail/hub".',
    },
    {
      title: "its own name, with which it would delete its own host",
      config: { hubStack: "organization/bastion-trail/spoke" },
      message:
        'The config of stack spoke: bastion-trail:hubStack is "organization/bastion-trail/spoke"; is this stack itself; name the stack that deployed the Bastion host.',
    },
    {
      title: "a stack that is not deployed, or has a host without a subnet",
      config: spoke,
      outputs: { bastionHostId: host, virtualNetworkId: network },
      message: `The config of stack spoke: bastion-trail:hubStack is "${name}"; this stack has no output bastionSubnetId; deploy it with this version of the program and a Bastion host that has a subnet.`,
    },
    {
      title: "a second source of the same value, and audit logs that the hub collects, together",
      config: { ...spoke, audit: "true", existingBastionHostId: host },
      outputs: { ...hubOutputs, archive: { account: "audit" } },
      message:
        `The config of stack spoke has 2 problems:\n` +
        `  - bastion-trail:existingBastionHostId is "${host}"; hubStack sets it; remove one of the two.\n` +
        "  - bastion-trail:audit is true; the stack of the hub collects the audit logs of its host; set it to false.",
    },
    {
      title: "a malformed audit, once",
      config: { ...spoke, audit: "yes" },
      outputs: { ...hubOutputs, archive: { account: "audit" } },
      message: 'The config of stack spoke: bastion-trail:audit is "yes"; must be true or false.',
    },
  ];
  for (const { title, config, outputs, message } of refusals) {
    it(`is refused with ${title}`, async () => {
      await assert.rejects(load(config, outputs), { message });
    });
  }

  it("is refused with a stack that does not exist, together with everything else", async () => {
    const details = `invocation of pulumi:pulumi:readStackOutputs returned an error: unknown stack "${name}"`;
    await assert.rejects(
      load({ ...spoke, lock: "on" }, hubOutputs, () => {
        throw Object.assign(new Error(details), { code: 2, details });
      }),
      {
        message:
          "The config of stack spoke has 2 problems:\n" +
          '  - bastion-trail:lock is "on"; must be one of none, CanNotDelete.\n' +
          `  - bastion-trail:hubStack is "${name}"; cannot be read: unknown stack "${name}".`,
      },
    );
  });

  it("collects audit logs that the hub does not collect", async () => {
    assert.equal((await load({ ...spoke, audit: "true" })).config.audit, true);
  });
});
