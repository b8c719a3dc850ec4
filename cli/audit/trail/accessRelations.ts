/** The relations filled from the activity log: grants, rules, and what is known about VMs and Bastion hosts. */
import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { coverAllPorts, portsIn } from "@bastion-trail/core/rules/portRanges";
import { forever } from "../../time.ts";
import { everywhere, privateRanges, rangeOf, type AddressRange } from "./addressRange.ts";
import { Doubts } from "./doubts.ts";
import { isFor, privateAddresses, type GrantLife } from "./grantLives.ts";
import { mayReach, type SessionVms } from "./possibleMatches.ts";
import type { RelationRows, RowOf } from "./relations.ts";
import type { RuleLife } from "./ruleLives.ts";

/** What the settings tell in addition to the logs. */
export interface Surroundings {
  /** Address ranges of the subnets of Bastion hosts, keyed by ARM id. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** VMs of the deployment, each with a JIT policy. */
  readonly vms: readonly { readonly id: string; readonly nsgId?: string | undefined }[];
}

type AccessRelations = Pick<RelationRows, "hosts" | "placements" | "jitVms"> & {
  readonly grants: Iterable<RowOf<"grants">>;
  readonly rules: Iterable<RowOf<"rules">>;
};

/** Priorities for sorting: that of a rule that may have any, and one after all that a rule can have. */
const anyPriority = 0;
const lastPriority = 99_999;
const allPorts = [0, 65_535] as const;

/** @param sessionVms the VMs of all sessions: grants and rules that cannot match one are left out. Default: none is. */
export function accessRelations(
  grants: readonly GrantLife[],
  lives: readonly RuleLife[],
  { hosts, vms }: Surroundings,
  sessionVms?: SessionVms,
): AccessRelations {
  const placements = placementsOf(lives, vms);
  const placed = new Set(placements.map(({ Group }) => Group));
  const doubts = new Doubts(lives, placements);
  return {
    hosts: hostParts(hostRanges(hosts), lives),
    grants: whenRead(function* () {
      for (const grant of grants) {
        if (sessionVms === undefined || vmKeys(grant).some((key) => sessionVms.keys.has(key)))
          yield* grantRows(grant, doubts.of(grant));
      }
    }),
    rules: whenRead(function* () {
      for (const life of lives) {
        const isPossible = isInbound(life) && (sessionVms === undefined || mayReach(sessionVms, life));
        if (isPossible) yield* ruleRows(life, placed.has(life.group));
      }
    }),
    placements,
    jitVms: [...new Set([...vms.map(({ id }) => lower(id)), ...grants.flatMap(vmKeys)])].map((VmKey) => ({ VmKey })),
  };
}

/** Computes rows when they are read: a row for each address range takes more memory than what it is computed from. */
function whenRead<Row>(rows: () => Iterator<Row>): Iterable<Row> {
  return { [Symbol.iterator]: rows };
}

/** Returns the address ranges of each host. Under an empty id: the ranges of hosts whose subnet is not known. */
export function hostRanges(hosts: Surroundings["hosts"]): RowOf<"hosts">[] {
  return [
    ...[...hosts].flatMap(([Bastion, ranges]) =>
      ranges.flatMap((range) => rangeOf(range) ?? []).map((range) => ({ Bastion, ...range })),
    ),
    ...privateRanges.map((range) => ({ Bastion: "", ...range })),
  ];
}

/** Splits the ranges of known hosts where the sources of a rule begin or end: a rule is for all of a part, or for none. */
function hostParts(ranges: readonly RowOf<"hosts">[], lives: readonly RuleLife[]): RowOf<"hosts">[] {
  const sources = new Set(lives.flatMap(({ rule }) => rule?.sources ?? []));
  const bounds = [...sources].flatMap((source) => {
    const range = rangeOf(source);
    return range === undefined ? [] : [range.Lo, range.Hi + 1];
  });
  return ranges.flatMap(({ Bastion, Lo, Hi }) => {
    const inside = Bastion === "" ? [] : bounds.filter((bound) => Lo < bound && bound <= Hi);
    const starts = [...new Set([Lo, ...inside])].sort((one, other) => one - other);
    return starts.map((start, index) => ({ Bastion, Lo: start, Hi: (starts[index + 1] ?? Hi + 1) - 1 }));
  });
}

/**
 * Returns the network security groups of each VM: those of the settings, and those in which Defender wrote a rule for it. A VM has
 * the keys that `grants` has.
 */
function placementsOf(lives: readonly RuleLife[], vms: Surroundings["vms"]): RowOf<"placements">[] {
  const pairs = [
    ...vms.flatMap(({ id, nsgId }) => (nsgId === undefined ? [] : [[id, nsgId] as const])),
    // A rule that is wider than its request is linked with it, although it is not the request's.
    ...lives.flatMap(({ request, linked, rule, byDefender, group }) => {
      const ids = (request === null && byDefender ? linked : [request])
        .flatMap((one) => one?.vms ?? [])
        .filter(({ name }) => isFor(rule?.description ?? null, name))
        .flatMap(({ id }) => id ?? []);
      const addresses = ids.length === 0 ? [] : privateAddresses([rule]);
      return [...ids, ...addresses.map((address) => `ip:${address}`)].map((vm) => [vm, group] as const);
    }),
  ];
  const rows = pairs.map(([vm, group]) => ({ VmKey: lower(vm), Group: lower(group) }));
  return [...new Map(rows.map((row) => [`${row.VmKey}\n${row.Group}`, row])).values()];
}

/** Returns the keys by which sessions may refer to the VM of a grant. */
function vmKeys({ vm, vmIps }: Pick<GrantLife, "vm" | "vmIps">): string[] {
  return [...new Set(vmPlaces({ vm, vmIps }).map(({ VmKey }) => VmKey))];
}

function vmPlaces({ vm, vmIps }: Pick<GrantLife, "vm" | "vmIps">): Pick<RowOf<"grants">, "VmKey" | "VmIp">[] {
  if (vmIps.length === 0) return [{ VmKey: lower(vm), VmIp: "" }];
  return vmIps.flatMap((VmIp) => [lower(vm), `ip:${lower(VmIp)}`].map((VmKey) => ({ VmKey, VmIp })));
}

function grantRows(
  { id, request, vm, vmIps, port, sources, from, until, ruleTold }: GrantLife,
  doubtedFrom: number,
): RowOf<"grants">[] {
  const ranges = sources.length === 0 ? [everywhere] : sources.flatMap((source) => rangeOf(source) ?? []);
  return vmPlaces({ vm, vmIps }).flatMap((place) =>
    ranges.map((range) => ({
      GrantId: id,
      RequestId: request.id,
      ...place,
      Port: port,
      People: request.people.map((name) => `|${name}|`).join(""),
      From: from,
      Until: until,
      SourceLo: range.Lo,
      SourceHi: range.Hi,
      RuleTold: ruleTold,
      DoubtedFrom: doubtedFrom,
    })),
  );
}

function isInbound({ rule }: RuleLife): boolean {
  return rule === null || (rule.direction !== "outbound" && isTcp(rule.protocol));
}

/** Protocols of rules that do not apply to TCP, which Bastion uses to reach VMs (network, `SecurityRuleProtocol`). */
const otherProtocols = ["udp", "icmp", "esp", "ah"];

function isTcp(protocol: string | null): boolean {
  return protocol === null || !otherProtocols.includes(protocol);
}

function ruleRows(life: RuleLife, isPlaced: boolean): RowOf<"rules">[] {
  const { rule } = life;
  const place = isPlaced ? life.group : (subscriptionOf(life.group) ?? "");
  const sources = addressesIn(rule?.sources ?? [], isOdd);
  // An application security group may contain any VM.
  const destinations = addressesIn(rule?.destinations ?? [], (one) => one.startsWith("/") || isOdd(one));
  const isKnown =
    rule !== null &&
    rule.ports.length > 0 &&
    rule.ports.every((range) => portsIn(range) !== undefined) &&
    // The log does not have the port from which a session came.
    coverAllPorts(rule.sourcePorts) &&
    sources.isKnown &&
    destinations.isKnown;
  const facts = {
    RuleId: life.id,
    Name: life.name,
    Allows: rule?.access !== "deny",
    Priority: rule === null ? anyPriority : (rule.priority ?? lastPriority),
    ByDefender: life.byDefender || (life.author === null && rule?.jitName !== false),
    RequestId: life.request?.id ?? "",
    Correlated: life.correlated,
    Known: isKnown,
    Group: life.group,
    From: life.from,
    // A rule that still exists.
    Until: life.until ?? forever,
  };
  const written = rule === null || rule.ports.length === 0 ? ["*"] : rule.ports;
  const ports = written.map((range) => portsIn(range) ?? allPorts);
  return destinations.ranges.flatMap((destination) =>
    sources.ranges.flatMap((source) =>
      ports.map(([PortLo, PortHi]) => ({
        ...facts,
        Scope: `${place}|${destination.Lo === destination.Hi ? textOf(destination.Lo) : "*"}`,
        DestLo: destination.Lo,
        DestHi: destination.Hi,
        SourceLo: source.Lo,
        SourceHi: source.Hi,
        PortLo,
        PortHi,
      })),
    ),
  );
}

interface Addresses {
  readonly ranges: readonly AddressRange[];
  /** Whether every text shows which addresses it stands for. */
  readonly isKnown: boolean;
}

/** Returns the addresses of texts; every address if the log shows none. @param mayBeAny of a text that is not a range. */
function addressesIn(texts: readonly string[], mayBeAny: (text: string) => boolean): Addresses {
  let isKnown = true;
  const ranges = texts.flatMap((text) => {
    const range = rangeOf(text);
    if (range !== undefined) return range;
    if (!mayBeAny(text)) return [];
    isKnown = false;
    return everywhere;
  });
  return { ranges: texts.length === 0 ? [everywhere] : ranges, isKnown };
}

/** Returns whether a text that is not a range is no service tag, IPv6 address or id of a group either: it may be anything. */
function isOdd(text: string): boolean {
  return !/^\s*(?:[a-z][\w.-]*|\/.*|[\da-f:]*:[\da-f:.]*(?:\/\d{1,3})?)\s*$/i.test(text);
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

function lower(text: string): string {
  return text.toLowerCase();
}
