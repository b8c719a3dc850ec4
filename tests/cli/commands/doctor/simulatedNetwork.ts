/** Random network security groups before a VM, and the connections that may be tried through them. */
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { isJitRule } from "../../../../cli/azure/jitRules.ts";
import type { SecurityGroup } from "../../../../cli/azure/networkInventory.ts";
import type { SecurityRule } from "../../../../cli/azure/networkSecurityRules.ts";
import { jitPort, nic, nsg, policy, rule, subnet, subnetId, vmId } from "./fixture.ts";

interface Origin {
  readonly address: string;
  /** Service tags and application security groups that contain it, in lower case. */
  readonly names: ReadonlySet<string>;
}
export interface Connection extends Origin {
  readonly clientPort: number;
  readonly protocol: string;
  readonly port: number;
}

export const target = { privateIp: "10.0.1.4", asgIds: ["/asg/web"] };
export const bastionRange = "10.0.0.0/30";
const tags = ["azurecloud", "storage"];
const asg = "/asg/ops";

// The rules below tell no other addresses apart.
const privateAddresses = ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.1.9", "172.16.0.1", "192.168.0.1", "100.64.0.1"];
const publicAddresses = ["11.0.0.1", "203.0.113.7", "203.0.113.8", "150.1.1.1", "1.1.1.1"];
const subsets = (all: readonly string[]) =>
  all.reduce<string[][]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]);
const from = (addresses: readonly string[], nameSets: readonly string[][]): Origin[] =>
  addresses.flatMap((address) => nameSets.map((names) => ({ address, names: new Set(names) })));
const origins = [
  ...from(privateAddresses, subsets(tags)),
  ...from(
    privateAddresses,
    subsets([...tags, asg]).map((names) => [...names, "virtualnetwork"]),
  ),
  ...from(
    publicAddresses,
    subsets(tags).map((names) => [...names, "internet"]),
  ),
];
const bastion = from(["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"], [["virtualnetwork"]]);
const otherPorts = [1, 20, 21, 23, 25, 26, 80, 3388, 3390, 8080, 8081, 8090, 8091, 65_535];

const connections = (all: readonly Origin[], ports: readonly number[], protocols: readonly string[]): Connection[] =>
  all.flatMap((origin) =>
    ports.flatMap((port) =>
      protocols.flatMap((protocol) => [500, 40_000].map((clientPort) => ({ ...origin, clientPort, protocol, port }))),
    ),
  );

/** Every connection to the JIT ports. */
export const toJitPorts = ({ protocol }: World): Connection[] =>
  connections(origins, [22, 3389], protocol === "*" ? ["tcp", "udp"] : [protocol.toLowerCase()]);
/** Connections from the Bastion subnet to ports that nobody can request. */
export const toOtherPorts: readonly Connection[] = connections(bastion, otherPorts, ["tcp"]);

export function isIn(address: string, names: ReadonlySet<string>, text: string): boolean {
  if (text === "*" || names.has(text.toLowerCase())) return true;
  if (!/^[\d.:]+(\/\d+)?$/.test(text)) return false;
  const [network, length] = ipaddr.parseCIDR(text.includes("/") ? text : `${text}/32`);
  const one = ipaddr.parse(address);
  return one.kind() === network.kind() && one.match(network, length);
}

function hasPort(ranges: readonly string[], port: number): boolean {
  return ranges.some((range) => {
    const [first = 0, last = first] = (range === "*" ? "0-65535" : range).split("-").map(Number);
    return first <= port && port <= last;
  });
}

export function matches(one: SecurityRule, { address, names, clientPort, protocol, port }: Connection): boolean {
  // A client chooses its own port, so a rule for some of them denies nobody.
  const clientPorts = one.access === "deny" ? [500, 40_000] : [clientPort];
  return (
    one.direction === "inbound" &&
    ["*", protocol].includes(one.protocol) &&
    one.sources.some((text) => isIn(address, names, text)) &&
    one.destinations.some((text) => isIn(target.privateIp, new Set(["virtualnetwork", ...target.asgIds]), text)) &&
    hasPort(one.ports, port) &&
    clientPorts.every((each) => hasPort(one.sourcePorts, each))
  );
}

/** The rule of each group that lets the connection in; `undefined` if one denies it. */
export function passed(
  groups: readonly SecurityGroup[],
  connection: Connection,
  counts: (one: SecurityRule) => boolean,
) {
  const deciding = groups.map(({ rules }) => rules.find((one) => counts(one) && matches(one, connection))!);
  return deciding.every(({ access }) => access === "allow") ? deciding : undefined;
}
export const isStanding = (one: SecurityRule) => one.access === "deny" || !isJitRule(one);
export const isOwn = (one: SecurityRule) => one.priority < 65_000;

const upToTwo = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));
const networks = ["10.0.0.0/30", "10.0.0.0/31", "10.0.0.1", "10.0.0.0/8", "10.0.0.0/7", "0.0.0.0/1", "128.0.0.0/1"];
const names = ["*", "Internet", "VirtualNetwork", "AzureCloud", "Storage", "AzureLoadBalancer", asg];
const jitNames = [
  "MicrosoftDefenderForCloud-JITRule-1-0123456789ABCDEF0123456789ABCDEF",
  "SecurityCenter-JITRule-temp",
];
const rules = fc.array(
  fc.record({
    name: mostly("rule", ...jitNames),
    access: fc.constantFrom("allow" as const, "deny" as const),
    direction: mostly<"inbound" | "outbound">("inbound", "outbound"),
    protocol: fc.constantFrom("*", "tcp", "udp"),
    sources: upToTwo(...names, ...networks, "0.0.0.0/0", "::/0", "203.0.113.7", "203.0.113.0/24", "192.168.0.0/16"),
    destinations: mostly(
      ["*"],
      ["10.0.1.4"],
      ["10.0.1.0/24", "10.0.1.5"],
      ["VirtualNetwork"],
      ["/ASG/web"],
      ["Internet"],
    ),
    ports: upToTwo("*", "22", "3389", "20-25", "22-3389", "80", "0-65535", "1-21", "23-65535", "8080-8090", "8081"),
    sourcePorts: mostly(["*"], ["0-1023"], ["1024-65535"], ["0-1023", "1024-65535"], ["1-65535"]),
  }),
  { maxLength: 5 },
);
const requests = fc.array(
  fc.record({
    port: fc.constantFrom(22, 3389),
    source: fc.constantFrom("10.0.0.0/30", "10.0.0.1", "*", "203.0.113.7", "10.0.0.0/31, 203.0.113.0/24", null),
    end: fc.constantFrom("2026-05-04T13:00:00Z", "2026-05-04T11:00:00Z"),
    status: fc.constantFrom("Initiated", "Revoked"),
  }),
  { maxLength: 2 },
);
export const worlds = fc.record({
  ...{ atNic: rules, atSubnet: rules, requests, place: fc.constantFrom("nic", "subnet", "both") },
  protocol: fc.constantFrom("TCP", "UDP", "*"),
  allowed: fc.constantFrom([bastionRange], ["*"], ["10.0.0.0/31"]),
});
export type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

export function built({ atNic, atSubnet, place, protocol, allowed, requests }: World) {
  const group = (name: string, all: World["atNic"]): SecurityGroup => {
    const own = nsg([], name);
    const given = all.map((one, at) =>
      rule(`${one.name}${at}`, { ...one, name: `${one.name}${at}`, priority: 100 + at }),
    );
    return { ...own, rules: [...given, ...own.rules].map((one) => ({ ...one, id: `${own.id}/${one.name}` })) };
  };
  const [own, shared] = [group("web-nsg", atNic), group("subnet-nsg", atSubnet)];
  const ports = [22, 3389].map((number) => jitPort({ number, protocol, sources: allowed }));
  const asked = requests.map((one) => ({
    ...{ start: "2026-05-04T10:00:00Z", requestor: "ada", justification: null },
    ports: [{ ...one, vm: vmId, statusReason: null }],
  }));
  return {
    policies: [policy({ vms: [{ id: vmId, name: "web", ports }], requests: asked })],
    groups: [...(place === "nic" ? [] : [shared]), ...(place === "subnet" ? [] : [own])],
    nics: [
      nic({
        nsgId: place === "subnet" ? null : own.id,
        addresses: [{ configName: "", publicIpId: null, subnetId, ...target }],
      }),
    ],
    subnets: [{ ...subnet, nsgId: place === "nic" ? null : shared.id }],
  };
}
