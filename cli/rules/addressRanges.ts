/** Sources and destinations of rules: address ranges, service tags, ids of application security groups, or `*`. */
import ipaddr from "ipaddr.js";

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Whether it is everybody. */
export function isWide(source: string): boolean {
  return ["*", "any", "0.0.0.0/0", "::/0"].includes(source.toLowerCase());
}

/** Whether all of one is in the other. Of tags only what their names say is known. */
export function isInside(one: string, other: string): boolean {
  if (isWide(other) || one.toLowerCase() === other.toLowerCase()) return true;
  if (isWide(one)) return false;
  const [inner, outer] = [rangeOf(one), rangeOf(other)];
  if (inner !== undefined && outer !== undefined) return contains(outer, inner);
  switch (other.toLowerCase()) {
    case "internet":
      return inner !== undefined && isPublic(inner);
    case "virtualnetwork":
      // Application security groups hold machines of a virtual network.
      return one.startsWith("/");
    default:
      return false;
  }
}

/** Whether something can be in both. What is not known counts as yes. */
export function overlap(one: string, other: string): boolean {
  if (isInside(one, other) || isInside(other, one)) return true;
  const [a, b] = [rangeOf(one), rangeOf(other)];
  if (a !== undefined && b !== undefined) return false;
  const pair = [one.toLowerCase(), other.toLowerCase()];
  if (!pair.includes("internet")) return true;
  const range = a ?? b;
  return range === undefined
    ? !pair.includes("virtualnetwork") && !pair.some((text) => text.startsWith("/"))
    : isPublic(range);
}

function rangeOf(text: string): Range | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.parse(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function contains([network, bits]: Range, [address, otherBits]: Range): boolean {
  return network.kind() === address.kind() && otherBits >= bits && address.match([network, bits] as never);
}

/** Ranges that nobody has on the internet, as ipaddr.js calls them. */
const internalRanges = ["private", "uniqueLocal", "loopback", "linkLocal", "carrierGradeNat"];

function isPublic([address]: Range): boolean {
  return !internalRanges.includes(address.range());
}
