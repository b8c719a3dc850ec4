/** IP prefixes and addresses as ranges of numbers, so that they can be compared by plain arithmetic. */
import ipaddr from "ipaddr.js";

export interface AddressRange {
  readonly family: "ipv4" | "ipv6";
  /** First and last address of the range, both inclusive. */
  readonly first: bigint;
  readonly last: bigint;
  /** Prefix length. */
  readonly length: number;
}

/** Parses `10.0.0.0/24` or `fd00::/64`; `undefined` for anything else. Bits past the prefix length are cleared. */
export function parsePrefix(text: string): AddressRange | undefined {
  const [address = "", length = "", ...rest] = text.split("/");
  const range = parseAddress(address);
  if (range === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
  const bits = Number(length);
  if (bits > range.length) return undefined;
  const size = 1n << BigInt(range.length - bits);
  const first = range.first - (range.first % size);
  return { family: range.family, first, last: first + size - 1n, length: bits };
}

/** Parses one address as a range; `undefined` for anything else. */
export function parseAddress(text: string): AddressRange | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.parse(text);
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return {
    family: address.kind(),
    first: value,
    last: value,
    length: address.kind() === "ipv4" ? 32 : 128,
  };
}

/** Parses a prefix or an address. */
export function parseRange(text: string): AddressRange | undefined {
  return text.includes("/") ? parsePrefix(text) : parseAddress(text);
}

/**
 * Returns the prefix in the notation that Azure requires, without bits past its length: `10.0.1.0/24` for
 * `10.0.1.5/24`.
 */
export function canonicalPrefix(text: string): string | undefined {
  const range = parsePrefix(text);
  return range === undefined ? undefined : `${formatAddress(range.first, range.family)}/${range.length}`;
}

export function formatAddress(value: bigint, family: AddressRange["family"] = "ipv4"): string {
  if (family === "ipv4") {
    // Finding a free address in a large subnet formats thousands of addresses, so IPv4 has a fast path.
    const bits = Number(value);
    return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
  }
  const bytes = Array.from({ length: 16 }, (_, index) => Number((value >> BigInt(8 * (15 - index))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}

/** Whether `outer` contains `inner` completely. */
export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}
