/** What a security rule opens beyond what was asked for: its name says nothing about that. */
import ipaddr from "ipaddr.js";
import { isInside } from "./addressRanges.ts";
import { consistsOf } from "@bastion-trail/core/rules/portRanges";

/** What a rule that allows inbound traffic opens. */
export interface Opened {
  /** Address ranges, service tags, ids of application security groups, or `*`. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** Ports and ranges of ports. */
  readonly ports: readonly string[];
  /** `tcp`, `udp`, ... or `*`; null where it is not known. */
  readonly protocol: string | null;
}

/** A port of a VM that a request covers. */
export interface Allowance {
  /** Address ranges or `*`. */
  readonly sources: readonly string[];
  /** Private address of the VM; null where it is not known: then any single address fits. */
  readonly address: string | null;
  readonly port: number;
  /** Null where it is not known: then any fits. */
  readonly protocol: string | null;
}

/** The parts of a rule that no allowance covers. */
export interface Excess {
  readonly sources: readonly string[];
  readonly ports: readonly string[];
  readonly destinations: readonly string[];
  readonly protocols: readonly string[];
  /** Combinations that no single request covers, where each of their parts is covered by one. */
  readonly combinations: readonly string[];
}

/** @returns `undefined` where the allowances cover all that the rule opens. */
export function excessOf(opened: Opened, allowances: readonly Allowance[]): Excess | undefined {
  const { sources, destinations, ports, protocol } = opened;
  const uncovered = combinationsBeyond(opened, allowances);
  if (uncovered.length === 0 && sources.length > 0 && destinations.length > 0 && ports.length > 0) return undefined;
  const allPorts = new Set(allowances.map(({ port }) => port));
  const beyond = {
    sources: orUnknown(sources).filter((source) => !allowances.some((one) => coversSource(one, source))),
    ports: orUnknown(ports).filter((range) => !consistsOf(range, allPorts)),
    destinations: orUnknown(destinations).filter((one) => !allowances.some((other) => coversDestination(other, one))),
    protocols: allowances.some((one) => coversProtocol(one, protocol)) ? [] : [protocol ?? unknown],
  };
  const isNamed = Object.values(beyond).some((parts) => parts.length > 0);
  return { ...beyond, combinations: isNamed ? [] : uncovered };
}

/** Whether nothing but the protocol goes beyond. */
export function isProtocolOnly({ sources, ports, destinations, combinations }: Excess): boolean {
  return [sources, ports, destinations, combinations].every((parts) => parts.length === 0);
}

/** `source Internet`, `ports 0-21, 80`, ...: each part in words. */
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

/** A rule has a source, a port and a destination; where a log does not tell one, nothing covers it. */
function orUnknown(parts: readonly string[]): readonly string[] {
  return parts.length === 0 ? [unknown] : parts;
}

function combinationsBeyond(
  { sources, destinations, ports, protocol }: Opened,
  allowances: readonly Allowance[],
): string[] {
  return sources.flatMap((source) =>
    destinations.flatMap((destination) => {
      const covering = allowances.filter(
        (one) => coversSource(one, source) && coversDestination(one, destination) && coversProtocol(one, protocol),
      );
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

/** The address in its usual form; `undefined` for a range of several, a tag, a group or `*`. */
function singleAddress(text: string): string | undefined {
  const [address = "", bits] = text.split("/");
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.parse(address);
  const whole = parsed.kind() === "ipv4" ? "32" : "128";
  return bits === undefined || bits === whole ? parsed.toString() : undefined;
}

/** An application security group by its name. */
function shortName(part: string): string {
  return part.startsWith("/") ? (part.split("/").at(-1) ?? part) : part;
}
