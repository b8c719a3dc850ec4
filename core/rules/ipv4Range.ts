/**
 * IPv4 ranges in CIDR form, as accepted by Azure: four decimal octets and a prefix length. Node's `net` cannot compare
 * ranges.
 */
import { isIPv4 } from "node:net";

/** A range of addresses. */
export interface Ipv4Range {
  /** The prefix length, 0 to 32. */
  readonly length: number;
  /** First address of the range, regardless of the address it was written with. */
  readonly network: string;
  /** Whether the range was written with its first address. */
  readonly startsAtNetwork: boolean;
  /** First and last address as numbers. */
  readonly first: number;
  readonly last: number;
}

/**
 * Parses a range.
 * @returns `undefined` for anything else, such as "10.1/16", "0x0a.0.0.0/8" or an IPv6 range.
 */
export function parseIpv4Range(cidr: string): Ipv4Range | undefined {
  const [, address = "", prefix = ""] = /^([0-9.]+)\/(0|[1-9][0-9]?)$/.exec(cidr) ?? [];
  const length = Number(prefix);
  if (!isIPv4(address) || length > 32) return undefined;
  const size = 2 ** (32 - length);
  const written = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const first = written - (written % size);
  const octets = [24, 16, 8, 0].map((bits) => Math.floor(first / 2 ** bits) % 256);
  return { length, network: octets.join("."), startsAtNetwork: written === first, first, last: first + size - 1 };
}

/** Whether `outer` contains all addresses of `inner`. */
export function containsIpv4Range(outer: Ipv4Range, inner: Ipv4Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** Ranges for networks that are not public: private (RFC 1918) and shared (RFC 6598). */
export const privateIpv4Ranges: readonly Ipv4Range[] = rangesOf(
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
);

/** All ranges that are not public (RFC 6890), so also loopback, link-local, this host, multicast and broadcast. */
const internalRanges = [
  ...privateIpv4Ranges,
  ...rangesOf("127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32"),
];

function rangesOf(...ranges: readonly string[]): Ipv4Range[] {
  return ranges.flatMap((range) => parseIpv4Range(range) ?? []);
}

/** Whether the first address of a range is a public one. */
export function isPublicIpv4(range: Ipv4Range): boolean {
  return !internalRanges.some(({ first, last }) => first <= range.first && range.first <= last);
}
