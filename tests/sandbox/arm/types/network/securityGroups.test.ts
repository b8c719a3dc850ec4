import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { bastionSubnet, putNetwork, startCloud } from "../cloud.ts";
import { bastionRules } from "./bastionRules.ts";
import { forEachTest } from "../../../../held.ts";
import { ruleProperties } from "../../../auditFixture.ts";

const nsg = "Microsoft.Network/networkSecurityGroups/nsg";
const applicationGroup = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/applicationSecurityGroups/web";
const rule = (more: JsonObject = {}): JsonObject =>
  ruleProperties({ protocol: "Tcp", sourceAddressPrefix: "10.0.0.0/26", destinationPortRange: "22", ...more });

describe("Microsoft.Network/networkSecurityGroups", () => {
  const cloud = forEachTest(startCloud);

  const group = (securityRules?: JsonObject[]): JsonObject => ({
    location: "westeurope",
    properties: securityRules === undefined ? {} : { securityRules },
  });
  const ruleNames = async (): Promise<unknown[]> => {
    const { properties } = await cloud.get(nsg);
    return ((properties as JsonObject).securityRules as JsonObject[]).map(({ name }) => name);
  };

  it("lists its default rules, and shows each by its name", async () => {
    const { properties } = await cloud.put(nsg, group());
    const { defaultSecurityRules } = properties as Record<string, JsonObject[]>;
    assert.deepEqual(await cloud.get(`${nsg}/defaultSecurityRules`), { value: defaultSecurityRules });
    assert.deepEqual(await cloud.get(`${nsg}/defaultSecurityRules/denyallinbound`), defaultSecurityRules![2]);
    assert.equal(
      await cloud.refusal("GET", `${nsg}/defaultSecurityRules/none`),
      "404 ResourceNotFound: The Resource 'Microsoft.Network/networkSecurityGroups/nsg/defaultSecurityRules/none' under resource group 'rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    );
    assert.equal((await cloud.refused("GET", `${nsg}s/defaultSecurityRules/none`)).code, "ResourceNotFound");
    assert.equal((await cloud.refused("GET", `${nsg}/noSuchRules/none`)).code, "InvalidResourceType");
  });

  it("shows its rules inline and the six default ones", async () => {
    const { properties } = await cloud.put(nsg, group([{ name: "ssh", properties: rule() }]));
    const { securityRules, defaultSecurityRules } = properties as Record<string, JsonObject[]>;
    assert.deepEqual(
      { ...securityRules![0], etag: "" },
      {
        id: `${cloud.id(nsg)}/securityRules/ssh`,
        name: "ssh",
        etag: "",
        type: "Microsoft.Network/networkSecurityGroups/securityRules",
        properties: {
          ...rule(),
          provisioningState: "Succeeded",
          sourcePortRanges: [],
          destinationPortRanges: [],
          sourceAddressPrefixes: [],
          destinationAddressPrefixes: [],
        },
      },
    );
    assert.deepEqual(
      defaultSecurityRules!.map((item) => [item.name, (item.properties as JsonObject).priority]),
      [
        ["AllowVnetInBound", 65000],
        ["AllowAzureLoadBalancerInBound", 65001],
        ["DenyAllInBound", 65500],
        ["AllowVnetOutBound", 65000],
        ["AllowInternetOutBound", 65001],
        ["DenyAllOutBound", 65500],
      ],
    );
  });

  it("gives its rules its own etag, which is new with every rule and with what uses it", async () => {
    const etags = async (): Promise<string[]> => {
      const { etag, properties } = await cloud.get(nsg);
      const { securityRules, defaultSecurityRules } = properties as Record<string, JsonObject[]>;
      return [...new Set([etag, ...[...securityRules!, ...defaultSecurityRules!].map((one) => one.etag)])].map(String);
    };
    await cloud.put(nsg, group([{ name: "ssh", properties: rule() }]));
    const seen = [await etags()];
    await cloud.put(`${nsg}/securityRules/more`, { properties: rule({ priority: 250, destinationPortRange: "2222" }) });
    seen.push(await etags(), await etags());
    const net = "Microsoft.Network/virtualNetworks/net";
    await cloud.put(net, {
      location: "westeurope",
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
    });
    const subnet = { addressPrefix: "10.0.0.0/24", networkSecurityGroup: { id: cloud.id(nsg) } };
    await cloud.put(`${net}/subnets/vms`, { properties: subnet });
    seen.push(await etags());
    const [first, second, again, third] = seen.map((all) => all.join(" "));
    assert.match(first!, /^W\/"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"$/);
    assert.equal(again, second);
    assert.equal(new Set([first, second, third]).size, 3);
  });

  it("names a rule that is missing together with its group", async () => {
    await cloud.put(nsg, group());
    assert.equal(
      await cloud.refusal("GET", `${nsg}/securityRules/none`),
      `404 ResourceNotFound: The Resource '${nsg}/securityRules/none' under resource group 'rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  });

  it("takes a PUT as the whole list of rules, and a PATCH as no word on them", async () => {
    await cloud.put(
      nsg,
      group([
        { name: "b", properties: rule() },
        { name: "a", properties: rule({ priority: 201 }) },
      ]),
    );
    await cloud.put(`${nsg}/securityRules/own`, { properties: rule({ priority: 202 }) });
    assert.deepEqual(await ruleNames(), ["b", "a", "own"]);
    await cloud.patch(nsg, { tags: { team: "access" } });
    assert.deepEqual(await ruleNames(), ["b", "a", "own"]);
    await cloud.put(nsg, group([{ name: "a", properties: rule({ priority: 201 }) }]));
    assert.deepEqual(await ruleNames(), ["a"]);
    await cloud.put(nsg, group());
    assert.deepEqual(await ruleNames(), []);
  });

  it("refuses two rules of one priority and direction, inline and one by one", async () => {
    const conflict =
      "400 SecurityRuleConflict: Security rule a conflicts with rule b. Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules.";
    const both = [
      { name: "a", properties: rule() },
      { name: "b", properties: rule() },
    ];
    assert.equal(await cloud.refusal("PUT", nsg, group(both)), conflict);
    await cloud.put(nsg, group([{ name: "a", properties: rule() }]));
    assert.equal(await cloud.refusal("PUT", `${nsg}/securityRules/b`, { properties: rule() }), conflict);
    await cloud.put(`${nsg}/securityRules/b`, { properties: rule({ direction: "Outbound" }) });
  });

  const refusals: Record<string, [properties: JsonObject, refusal: string]> = {
    "a priority below 100": [
      rule({ priority: 99 }),
      "SecurityRuleInvalidPriority: Security rule has invalid Priority. Value provided: 99 Allowed range 100-4096.",
    ],
    "a priority above 4096": [
      rule({ priority: 4097 }),
      "SecurityRuleInvalidPriority: Security rule has invalid Priority. Value provided: 4097 Allowed range 100-4096.",
    ],
    "an address that is neither prefix nor tag": [
      rule({ sourceAddressPrefix: "any" }),
      "SecurityRuleInvalidAddressPrefix: Security rule has invalid Address prefix. Value provided: any",
    ],
    "two ports in one text": [
      rule({ destinationPortRange: "80,443" }),
      "SecurityRuleInvalidPortRange: Security rule has invalid Port range. Value provided: 80,443. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.",
    ],
    "a port above 65535": [
      rule({ destinationPortRange: "22-65536" }),
      "SecurityRuleInvalidPortRange: Security rule has invalid Port range. Value provided: 22-65536. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.",
    ],
    "a default tag in a list of prefixes": [
      rule({ sourceAddressPrefix: "", sourceAddressPrefixes: ["10.0.0.0/26", "VirtualNetwork"] }),
      "SecurityRuleParameterContainsUnsupportedValue: Security rule parameter SourceAddressPrefix for rule with Id {nsg}/securityRules/r cannot specify existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: VirtualNetwork.",
    ],
    "a source that is an application security group, which the sandbox does not have": [
      rule({ sourceAddressPrefix: "", sourceApplicationSecurityGroups: [{ id: applicationGroup }] }),
      `InvalidResourceReference: Resource ${applicationGroup} referenced by resource {nsg}/securityRules/r was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    ],
    "a prefix and a list of prefixes": [
      rule({ sourceAddressPrefix: "10.0.0.0/26", sourceAddressPrefixes: ["10.0.1.0/26"] }),
      "BadRequest: Security rule {nsg}/securityRules/r must specify only one of SourceAddressPrefix and SourceAddressPrefixes.",
    ],
    "addresses of both families": [
      rule({ sourceAddressPrefix: "fd00::/64", destinationAddressPrefix: "10.0.1.0/26" }),
      "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies: Resource {nsg}/securityRules/r contains IP addresses or prefixes that belong to different address families. All IP addresses or prefixes in the resource should belong to the same address family.",
    ],
    "no destination": [
      rule({ destinationAddressPrefix: "" }),
      "SecurityRuleParameterRequired: Required security rule parameters are missing for security rule with Id: {nsg}/securityRules/r. Security rule must specify DestinationAddressPrefixes, DestinationAddressPrefix or DestinationApplicationSecurityGroups.",
    ],
  };
  for (const [name, [properties, refusal]] of Object.entries(refusals)) {
    it(`refuses a rule with ${name}`, async () => {
      const answer = await cloud.refusal("PUT", nsg, group([{ name: "r", properties }]));
      assert.equal(answer, `400 ${refusal.replace("{nsg}", cloud.id(nsg))}`);
    });
  }

  it("takes service tags with a region", async () => {
    await cloud.put(nsg, group([{ name: "r", properties: rule({ sourceAddressPrefix: "Storage.WestEurope" }) }]));
  });
});

describe("A network security group on AzureBastionSubnet", () => {
  const cloud = forEachTest(startCloud);
  beforeEach(() => putNetwork(cloud));

  const notCompliant =
    "400 NetworkSecurityGroupNotCompliantForAzureBastionSubnet: Network security group nsg does not have necessary rules for Azure Bastion Subnet AzureBastionSubnet.";
  const group = (securityRules: JsonObject[]): JsonObject => ({
    location: "westeurope",
    properties: { securityRules },
  });
  const attach = (): JsonObject => ({
    properties: { addressPrefix: "10.0.0.0/26", networkSecurityGroup: { id: cloud.id(nsg) } },
  });

  it("is attached with all eight rules", async () => {
    await cloud.put(nsg, group(bastionRules));
    await cloud.put(bastionSubnet, attach());
  });

  for (const missing of bastionRules) {
    it(`is refused without ${missing.name}`, async () => {
      await cloud.put(nsg, group(bastionRules.filter((one) => one !== missing)));
      assert.equal(await cloud.refusal("PUT", bastionSubnet, attach()), notCompliant);
    });
  }

  it("is refused where one port of two is missing", async () => {
    const narrowed = bastionRules.map((one) =>
      one.name === "AllowSshRdpOutbound"
        ? { ...one, properties: { ...one.properties, destinationPortRanges: ["22"] } }
        : one,
    );
    await cloud.put(nsg, group(narrowed));
    assert.equal(await cloud.refusal("PUT", bastionSubnet, attach()), notCompliant);
  });

  it("keeps its eight rules as long as it is attached", async () => {
    await cloud.put(nsg, group(bastionRules));
    await cloud.put(bastionSubnet, attach());
    assert.equal(await cloud.refusal("PUT", nsg, group(bastionRules.slice(1))), notCompliant);
    const first = `${nsg}/securityRules/AllowHttpsInbound`;
    assert.equal(await cloud.refusal("DELETE", first), notCompliant);
    const denying = { properties: { ...bastionRules[0]!.properties, access: "Deny" } };
    assert.equal(await cloud.refusal("PUT", first, denying), notCompliant);
    await cloud.put(`${nsg}/securityRules/more`, { properties: rule({ priority: 4000 }) });
    await cloud.delete(`${nsg}/securityRules/more`);
    await cloud.put(bastionSubnet, { properties: { addressPrefix: "10.0.0.0/26" } });
    await cloud.delete(first);
  });

  it("lets the public addresses that may come in be listed", async () => {
    const listed = bastionRules.map((one) =>
      one.name === "AllowHttpsInbound"
        ? {
            name: "AllowHttpsInbound",
            properties: {
              ...one.properties,
              sourceAddressPrefix: "",
              sourceAddressPrefixes: ["203.0.113.0/24", "198.51.100.7"],
            },
          }
        : one,
    );
    await cloud.put(nsg, group(listed));
    await cloud.put(bastionSubnet, attach());
  });
});
