import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { openStore, type SandboxStore } from "../../../../../sandbox/arm/store.ts";
import { evaluateInbound, type InboundDecision } from "../../../../../sandbox/arm/types/network/effectiveRules.ts";
import { forEachTest, temporaryFolder } from "../../../../held.ts";
import { propertyRuns } from "../../../../propertyRuns.ts";
import { putResource } from "../../../auditFixture.ts";

const group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers";
const nicId = `${group}/Microsoft.Network/networkInterfaces/nic`;
const vmId = `${group}/Microsoft.Compute/virtualMachines/vm`;
const networkId = `${group}/Microsoft.Network/virtualNetworks/net`;
const nicNsg = `${group}/Microsoft.Network/networkSecurityGroups/nic-nsg`;
const subnetNsg = `${group}/Microsoft.Network/networkSecurityGroups/subnet-nsg`;

/** An inbound rule: what it leaves out matches everything. */
interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly access: "Allow" | "Deny";
  readonly source?: string | string[];
  readonly destination?: string;
  readonly ports?: string[];
  readonly protocol?: string;
  readonly direction?: string;
}

describe("evaluateInbound", () => {
  const directory = forEachTest(temporaryFolder);
  let store: SandboxStore;
  beforeEach(() => {
    store = openStore(directory.path);
    put(networkId, { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } });
    put(vmId, { networkProfile: { networkInterfaces: [{ id: nicId }] } });
    place({});
  });
  afterEach(() => {
    store.close();
  });

  const put = (id: string, properties: JsonObject) => putResource(store, id, { properties });
  /** Attaches NSGs, each with its rules, to the subnet and to the network interface. */
  const place = (rules: { subnet?: Rule[]; nic?: Rule[] }): void => {
    put(`${networkId}/subnets/vms`, {
      addressPrefix: "10.0.1.0/24",
      ...(rules.subnet === undefined ? {} : { networkSecurityGroup: { id: subnetNsg } }),
    });
    put(nicId, {
      ipConfigurations: [
        { name: "a", properties: { privateIPAddress: "10.0.1.4", subnet: { id: `${networkId}/subnets/vms` } } },
      ],
      ...(rules.nic === undefined ? {} : { networkSecurityGroup: { id: nicNsg } }),
    });
    for (const [nsg, list] of [
      [subnetNsg, rules.subnet ?? []],
      [nicNsg, rules.nic ?? []],
    ] as const) {
      for (const old of store.childrenOf(nsg)) store.delete(old.id);
      for (const rule of list) {
        put(`${nsg}/securityRules/${rule.name}`, wire(rule));
      }
    }
  };
  const wire = ({
    priority,
    access,
    source = "*",
    destination = "*",
    ports = ["*"],
    protocol = "*",
    ...more
  }: Rule): JsonObject => ({
    priority,
    access,
    protocol,
    direction: more.direction ?? "Inbound",
    sourcePortRange: "*",
    destinationPortRanges: ports,
    destinationAddressPrefix: destination,
    ...(typeof source === "string" ? { sourceAddressPrefix: source } : { sourceAddressPrefixes: source }),
  });
  const from = (sourceAddress: string, port = 22, protocol: "Tcp" | "Udp" = "Tcp"): InboundDecision =>
    evaluateInbound({ store, vmId, sourceAddress, port, protocol });
  const verdict = (decision: InboundDecision): [boolean, string | undefined] => [decision.allowed, decision.rule?.name];

  it("lets everything in where there is no NSG", () => {
    assert.deepEqual(from("203.0.113.9"), { allowed: true, rule: undefined, nsgId: undefined, nicId });
  });

  it("falls to the default rules of an empty NSG: the network and its probes come in, the Internet does not", () => {
    place({ nic: [] });
    assert.deepEqual(verdict(from("10.0.0.4")), [true, "AllowVnetInBound"]);
    assert.deepEqual(verdict(from("168.63.129.16")), [true, "AllowVnetInBound"]);
    assert.deepEqual(verdict(from("203.0.113.9")), [false, "DenyAllInBound"]);
  });

  it("names the rule, its NSG and the network interface", () => {
    const deny: Rule = { name: "deny", priority: 4000, access: "Deny", ports: ["22", "3389"] };
    place({ nic: [deny] });
    assert.deepEqual(from("10.0.0.4"), {
      allowed: false,
      rule: {
        name: "deny",
        priority: 4000,
        access: "Deny",
        id: `${nicNsg}/securityRules/deny`,
        properties: wire(deny),
      },
      nsgId: nicNsg,
      nicId,
    });
  });

  it("stops at the lowest priority that matches, whatever the order of writing", () => {
    const allow: Rule = { name: "allow", priority: 100, access: "Allow", source: "10.0.0.0/26", ports: ["22"] };
    const deny: Rule = { name: "deny", priority: 1000, access: "Deny", ports: ["22"] };
    place({ nic: [deny, allow] });
    assert.deepEqual(verdict(from("10.0.0.4")), [true, "allow"]);
    assert.deepEqual(verdict(from("10.0.0.64")), [false, "deny"]);
  });

  it("asks the subnet's NSG first, and then the network interface's", () => {
    place({
      subnet: [{ name: "subnet-deny", priority: 200, access: "Deny", source: "10.0.0.0/26" }],
      nic: [{ name: "nic-deny", priority: 200, access: "Deny" }],
    });
    assert.deepEqual([...verdict(from("10.0.0.4")), from("10.0.0.4").nsgId], [false, "subnet-deny", subnetNsg]);
    assert.deepEqual([...verdict(from("10.0.2.4")), from("10.0.2.4").nsgId], [false, "nic-deny", nicNsg]);
  });

  it("distinguishes the network, the Internet and the load balancer", () => {
    place({
      nic: [
        { name: "internet", priority: 100, access: "Allow", source: "Internet" },
        { name: "probe", priority: 101, access: "Allow", source: "AzureLoadBalancer" },
        { name: "network", priority: 102, access: "Deny", source: "virtualnetwork" },
      ],
    });
    assert.deepEqual(verdict(from("203.0.113.9")), [true, "internet"]);
    assert.deepEqual(verdict(from("168.63.129.16")), [true, "probe"]);
    assert.deepEqual(verdict(from("10.0.3.4")), [false, "network"]);
  });

  it("reads lists of prefixes, port ranges, protocols, destinations and directions", () => {
    place({
      nic: [
        { name: "outbound", priority: 100, access: "Deny", direction: "Outbound" },
        { name: "other-machine", priority: 101, access: "Deny", destination: "10.0.1.5" },
        { name: "udp", priority: 102, access: "Deny", protocol: "Udp" },
        { name: "range", priority: 103, access: "Deny", ports: ["1000-2000"] },
        { name: "list", priority: 104, access: "Deny", source: ["10.0.4.0/24", "10.0.5.7"] },
      ],
    });
    assert.deepEqual(verdict(from("10.0.0.4")), [true, "AllowVnetInBound"]);
    assert.deepEqual(verdict(from("10.0.0.4", 22, "Udp")), [false, "udp"]);
    assert.deepEqual(verdict(from("10.0.0.4", 2000)), [false, "range"]);
    assert.deepEqual(verdict(from("10.0.5.7")), [false, "list"]);
    assert.deepEqual(verdict(from("10.0.5.8")), [true, "AllowVnetInBound"]);
  });

  it("refuses a machine that does not exist and a source that is no address", () => {
    const missing = `${vmId}2`;
    assert.throws(
      () => evaluateInbound({ store, vmId: missing, sourceAddress: "10.0.0.4", port: 22, protocol: "Tcp" }),
      {
        code: "ResourceNotFound",
        message: `The Resource '${missing}' was not found.`,
      },
    );
    assert.throws(() => from("10.0.0.0/26"), {
      code: "InvalidParameter",
      message: "'10.0.0.0/26' is not an IP address.",
    });
  });

  const address = fc.tuple(fc.nat(3), fc.nat(255)).map(([third, last]) => `10.0.${third}.${last}`);
  const rules = fc.uniqueArray(
    fc.record({
      priority: fc.integer({ min: 100, max: 4096 }),
      access: fc.constantFrom<"Allow" | "Deny">("Allow", "Deny"),
      source: fc.oneof(
        fc.constantFrom("*", "VirtualNetwork", "Internet"),
        fc.tuple(fc.nat(3), fc.integer({ min: 22, max: 32 })).map(([third, length]) => `10.0.${third}.0/${length}`),
      ),
      port: fc.tuple(fc.nat(200), fc.nat(200)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    }),
    { selector: (rule) => rule.priority, maxLength: 12 },
  );

  it("agrees with a reading of the rules one by one, for any rules and any flow", () => {
    fc.assert(
      fc.property(rules, address, fc.nat(200), (list, source, port) => {
        place({
          nic: list.map((rule) => ({
            ...rule,
            name: `r${rule.priority}`,
            ports: [`${rule.port[0]}-${rule.port[1]}`],
          })),
        });
        const expected = [...list]
          .sort((a, b) => a.priority - b.priority)
          .find((rule) => rule.port[0] <= port && port <= rule.port[1] && includes(rule.source, source));
        const decision = from(source, port);
        assert.equal(decision.rule?.name, expected === undefined ? "AllowVnetInBound" : `r${expected.priority}`);
        assert.equal(decision.allowed, (expected?.access ?? "Allow") === "Allow");
      }),
      propertyRuns(150),
    );
  });

  it("never lets a flow past an NSG on the subnet that the same rules on the interface refuse", () => {
    fc.assert(
      fc.property(rules, rules, address, fc.nat(200), (subnet, nic, source, port) => {
        const named = (list: typeof subnet): Rule[] =>
          list.map((rule) => ({ ...rule, name: `r${rule.priority}`, ports: [`${rule.port[0]}-${rule.port[1]}`] }));
        place({ subnet: named(subnet) });
        const bySubnet = from(source, port).allowed;
        place({ nic: named(nic) });
        const byNic = from(source, port).allowed;
        place({ subnet: named(subnet), nic: named(nic) });
        assert.equal(from(source, port).allowed, bySubnet && byNic);
      }),
      propertyRuns(80),
    );
  });
});

/** A slow second opinion on prefixes: bit strings, for addresses inside the network. */
function includes(source: string, address: string): boolean {
  if (source === "*" || source === "VirtualNetwork") return true;
  if (source === "Internet") return false;
  const bits = (text: string): string =>
    text
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  const [prefix, length] = source.split("/");
  return bits(address).startsWith(bits(prefix!).slice(0, Number(length)));
}
