/** Sources and destinations of rules: address ranges, service tags, ids of application security groups, or `*`. */
import ipaddr from "ipaddr.js";

/** The addresses from the first to the last, as numbers. */
export interface AddressRange {
  readonly family: "ipv4" | "ipv6";
  readonly first: bigint;
  readonly last: bigint;
}

/** Parses an address or a range; `undefined` for anything else. */
export function rangeOf(text: string): AddressRange | undefined {
  if (ipaddr.isValidCIDR(text)) return rangeFrom(...ipaddr.parseCIDR(text));
  return ipaddr.isValid(text) ? rangeFrom(ipaddr.parse(text)) : undefined;
}

function rangeFrom(address: ipaddr.IPv4 | ipaddr.IPv6, length?: number): AddressRange {
  const bytes = address.toByteArray();
  const value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const bits = bytes.length * 8;
  const size = 1n << BigInt(bits - (length ?? bits));
  const first = value - (value % size);
  return { family: address.kind(), first, last: first + size - 1n };
}

/** Whether a source is every address of both families. */
export function isAny(source: string): boolean {
  return ["*", "any"].includes(source.toLowerCase());
}

/** Whether the second source contains all of the first. Service tags are known only by name. */
export function isInside(one: string, other: string): boolean {
  if (isAny(other) || one.toLowerCase() === other.toLowerCase()) return true;
  const [inner, outer] = [rangeOf(one), rangeOf(other)];
  if (inner !== undefined && outer !== undefined) return contains(outer, inner);
  switch (other.toLowerCase()) {
    case "0.0.0.0/0":
      // Whatever the first one contains: only its IPv4 addresses reach the IPv4 address of a VM.
      return true;
    case "internet":
      return inner !== undefined && !internalRanges.some((range) => meets(range, inner));
    case "virtualnetwork":
      // Application security groups contain VMs of a virtual network.
      return one.startsWith("/");
    default:
      return false;
  }
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

export function meets(one: AddressRange, other: AddressRange): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

/** Ranges that are not on the internet: private, shared (RFC 6598), loopback, link-local. */
export const internalRanges: readonly AddressRange[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
  "::1",
].flatMap((text) => rangeOf(text) ?? []);
