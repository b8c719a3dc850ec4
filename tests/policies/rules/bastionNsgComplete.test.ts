import assert from "node:assert/strict";
import { bastionNsgRules } from "../../../core/rules/bastionNsgRules.ts";
import { bastionNsgComplete } from "../../../policies/rules/bastionNsgComplete.ts";
import { audited, components, inComponents, judge, type Part, unknown } from "../stack.ts";

describe("policy bastion-nsg-complete", () => {
  const group = (securityRules: unknown, from: Record<string, string[]> = {}): Part => ({
    type: "network:NetworkSecurityGroup",
    name: "nsg",
    props: { name: "bastion-nsg", type: "Microsoft.Network/networkSecurityGroups", securityRules },
    from,
  });
  const guarded = (...parts: Part[]) => [
    ...audited.map((part) =>
      part.name === "bastion-subnet" ? { ...part, from: { networkSecurityGroup: ["nsg"] } } : part,
    ),
    ...parts,
  ];
  const all = bastionNsgRules();
  const withoutRule = (name: string) => all.filter((rule) => rule.name !== name);
  const noInternet =
    "nsg: Inbound traffic from Internet to *, port 443, is not allowed: Users reach Bastion from a browser or a client.";

  it("accepts all rules, inline or as resources of their own, under any name", () => {
    assert.deepEqual(judge(bastionNsgComplete, guarded(group(all))), []);
    const own = all.map((rule, index) => ({
      type: "network:SecurityRule",
      name: `rule-${index}`,
      props: { ...rule },
      from: { networkSecurityGroupName: ["nsg"] },
    }));
    assert.deepEqual(judge(bastionNsgComplete, guarded(group(undefined), ...own)), []);
  });

  it("accepts a wider rule", () => {
    const wide = { ...all[0]!, name: "wide", sourceAddressPrefix: "*", destinationPortRange: "400-500", protocol: "*" };
    assert.deepEqual(judge(bastionNsgComplete, guarded(group([wide, ...withoutRule("AllowHttpsInbound")]))), []);
  });

  it("refuses a group without one of them", () => {
    assert.deepEqual(judge(bastionNsgComplete, guarded(group(withoutRule("AllowHttpsInbound")))), [noInternet]);
    assert.deepEqual(judge(bastionNsgComplete, guarded(group([]))).length, all.length);
  });

  it("checks the group of a subnet among the inputs of its virtual network, and each group once", () => {
    const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/bastion-nsg";
    const network: Part = {
      type: "network:VirtualNetwork",
      name: "vnet",
      props: { subnets: [{ name: "AzureBastionSubnet", networkSecurityGroup: { id } }] },
      from: { subnets: ["nsg"] },
    };
    const incomplete = group(withoutRule("AllowHttpsInbound"));
    assert.deepEqual(judge(bastionNsgComplete, [incomplete, network]), [noInternet]);
    assert.deepEqual(judge(bastionNsgComplete, guarded(incomplete, { ...network, from: {} })), [noInternet]);
  });

  it("does not take the group of another subnet of a component for that of the Bastion subnet", () => {
    const vmSubnet: Part = {
      type: "network:Subnet",
      name: "vm-subnet",
      props: { name: "vms" },
      from: { networkSecurityGroup: ["nsg"] },
    };
    const incomplete = [...audited, vmSubnet, group([])];
    assert.deepEqual(judge(bastionNsgComplete, inComponents(incomplete, components)), []);
    const previewed = incomplete.map((part) =>
      part.type === "network:Subnet" ? { ...part, props: { ...part.props, name: unknown } } : part,
    );
    assert.deepEqual(judge(bastionNsgComplete, inComponents(previewed, components)), []);
  });

  const changed = (name: string, more: object) => all.map((rule) => (rule.name === name ? { ...rule, ...more } : rule));

  it("accepts what Microsoft's article does: TCP alone, a rule for each port, some public addresses, one region", () => {
    for (const rules of [
      all.map((rule) => ({ ...rule, protocol: "Tcp" })),
      changed("AllowHttpsInbound", { sourceAddressPrefix: undefined, sourceAddressPrefixes: ["203.0.113.0/24"] }),
      changed("AllowHttpsInbound", { sourceAddressPrefix: "0.0.0.0/0" }),
      changed("AllowAzureCloudOutbound", { destinationAddressPrefix: "AzureCloud.WestEurope" }),
      [
        ...changed("AllowSshRdpOutbound", { destinationPortRanges: ["22"] }),
        { ...all[4]!, name: "Rdp", priority: 105, destinationPortRanges: ["3389"] },
      ],
    ]) {
      assert.deepEqual(judge(bastionNsgComplete, guarded(group(rules))), []);
    }
  });

  it("refuses a rule of the right name that opens too little", () => {
    for (const more of [{ sourceAddressPrefix: "10.0.0.0/8" }, { protocol: "Udp" }, { destinationPortRange: "80" }]) {
      assert.deepEqual(judge(bastionNsgComplete, guarded(group(changed("AllowHttpsInbound", more)))), [noInternet]);
    }
  });

  it("refuses a rule of which an earlier one undoes one port or protocol", () => {
    const deny = { ...all[4]!, name: "deny", access: "Deny", priority: 99, protocol: "Tcp" };
    assert.deepEqual(judge(bastionNsgComplete, guarded(group([...all, { ...deny, destinationPortRanges: ["22"] }]))), [
      "nsg: Outbound traffic from * to VirtualNetwork, port 22 and 3389, is not allowed: Bastion reaches the VMs.",
    ]);
    const some = { ...all[0]!, name: "deny", access: "Deny", priority: 100, sourceAddressPrefix: "203.0.113.0/24" };
    assert.deepEqual(judge(bastionNsgComplete, guarded(group([...all, some]))), []);
  });

  it("refuses a rule that an earlier one undoes", () => {
    const deny = { ...all[0]!, name: "deny", access: "Deny", priority: 100 };
    assert.deepEqual(judge(bastionNsgComplete, guarded(group([...all, deny]))), [noInternet]);
    assert.deepEqual(judge(bastionNsgComplete, guarded(group([...all, { ...deny, priority: 4000 }]))), []);
  });

  it("says nothing without a group, of another subnet's group, and of rules that are not yet known", () => {
    assert.deepEqual(judge(bastionNsgComplete, audited), []);
    assert.deepEqual(judge(bastionNsgComplete, [...audited, group([])]), []);
    assert.deepEqual(judge(bastionNsgComplete, guarded(group(unknown, { securityRules: ["account"] }))), []);
  });
});
