/** Finds what a security rule opens beyond the requests. Its name proves nothing about that. */
import { isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { isInside } from "./addressRanges.ts";
import { consistsOf } from "@bastion-trail/core/rules/portRanges";

/** What an inbound allow rule opens. */
export interface Opened {
  /** Address ranges, service tags, ids of application security groups, or `*`. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** Ports and port ranges. */
  readonly ports: readonly string[];
  /** `tcp`, `udp`, ... or `*`; null if unknown. */
  readonly protocol: string | null;
}

/** A port of a VM that a request covers. */
export interface Allowance {
  /** Address ranges or `*`. */
  readonly sources: readonly string[];
  /** Private address of the VM; null if unknown, which matches any single address. */
  readonly address: string | null;
  readonly port: number;
  /** Null if unknown, which matches any protocol. */
  readonly protocol: string | null;
}

/** The parts of a rule that no allowance covers. */
export interface Excess {
  readonly sources: readonly string[];
  readonly ports: readonly string[];
  readonly destinations: readonly string[];
  readonly protocols: readonly string[];
  /** Combinations that no single request covers, although requests cover each of their parts. */
  readonly combinations: readonly string[];
}

/** @returns `undefined` if the allowances cover everything the rule opens. */
export function excessOf(opened: Opened, allowances: readonly Allowance[]): Excess | undefined {
  const { sources, destinations, ports, protocol } = opened;
  const uncovered = combinationsBeyond(opened, allowances);
  const ofProtocol = allowances.filter((one) => coversProtocol(one, protocol));
  const isProtocolCovered =
    ofProtocol.length === allowances.length || combinationsBeyond(opened, ofProtocol).length === uncovered.length;
  const isKnown = sources.length > 0 && destinations.length > 0 && ports.length > 0;
  if (uncovered.length === 0 && isProtocolCovered && isKnown) return undefined;
  const allPorts = new Set(allowances.map(({ port }) => port));
  const beyond = {
    sources: orUnknown(sources).filter((source) => !allowances.some((one) => coversSource(one, source))),
    ports: orUnknown(ports).filter((range) => !consistsOf(range, allPorts)),
    destinations: orUnknown(destinations).filter((one) => !allowances.some((other) => coversDestination(other, one))),
    protocols: isProtocolCovered && ofProtocol.length > 0 ? [] : [protocol ?? unknown],
  };
  const isNamed = [beyond.sources, beyond.ports, beyond.destinations].some((parts) => parts.length > 0);
  return { ...beyond, combinations: isNamed ? [] : uncovered };
}

/** Whether only the protocol exceeds the allowances. */
export function isProtocolOnly({ sources, ports, destinations, combinations }: Excess): boolean {
  return [sources, ports, destinations, combinations].every((parts) => parts.length === 0);
}

/** Describes each part: `source Internet`, `ports 0-21, 80`, ... */
export function excessWords({ sources, ports, destinations, protocols, combinations }: Excess): string[] {
  const words = (noun: string, parts: readonly string[]): string[] =>
    parts.length === 0 ? [] : [`${noun}${parts.length === 1 ? "" : "s"} ${parts.map(shortName).join(", ")}`];
  return [
    ...words("source", sources),
    ...words("port", ports),
    ...words("destination", destinations),
    ...words("protocol", protocols),
    ...combinations,
  ];
}

const unknown = "unknown";

/** Adds a placeholder for a part missing from the log. Every rule has one, and no allowance covers it. */
function orUnknown(parts: readonly string[]): readonly string[] {
  return parts.length === 0 ? [unknown] : parts;
}

/** Compares everything but the protocol, which alone decides less: see `isProtocolOnly`. */
function combinationsBeyond({ sources, destinations, ports }: Opened, allowances: readonly Allowance[]): string[] {
  return sources.flatMap((source) =>
    destinations.flatMap((destination) => {
      const covering = allowances.filter((one) => coversSource(one, source) && coversDestination(one, destination));
      const covered = new Set(covering.map(({ port }) => port));
      return ports
        .filter((range) => !consistsOf(range, covered))
        .map((range) => `${shortName(source)} to port ${range} of ${shortName(destination)}`);
    }),
  );
}

function coversSource({ sources }: Allowance, source: string): boolean {
  return sources.some((allowed) => isInside(source, allowed));
}

function coversDestination({ address }: Allowance, destination: string): boolean {
  const single = singleAddress(destination);
  return single !== undefined && (address === null || single === singleAddress(address));
}

function coversProtocol({ protocol: allowed }: Allowance, protocol: string | null): boolean {
  return allowed === null || allowed === "*" || protocol === null || allowed.toLowerCase() === protocol.toLowerCase();
}

/** The normalised address; `undefined` for a range of several, a tag, a group or `*`. */
function singleAddress(text: string): string | undefined {
  const [address = "", bits] = text.split("/");
  if (isIPv4(address)) return bits === undefined || bits === "32" ? address : undefined;
  if (!isIPv6(address)) return undefined;
  return bits === undefined || bits === "128" ? ipaddr.parse(address).toString() : undefined;
}

/** The name of an application security group; any other part unchanged. */
function shortName(part: string): string {
  return part.startsWith("/") ? (part.split("/").at(-1) ?? part) : part;
}
