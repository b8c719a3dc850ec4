/** Sources and destinations of rules: address ranges, service tags, ids of application security groups, or `*`. */
import ipaddr from "ipaddr.js";

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Whether a source is everybody. */
export function isWide(source: string): boolean {
  return ["*", "any", "0.0.0.0/0", "::/0"].includes(source.toLowerCase());
}

/** Whether the second source contains all of the first. Service tags are known only by name. */
export function isInside(one: string, other: string): boolean {
  if (isWide(other) || one.toLowerCase() === other.toLowerCase()) return true;
  if (isWide(one)) return false;
  const [inner, outer] = [rangeOf(one), rangeOf(other)];
  if (inner !== undefined && outer !== undefined) return contains(outer, inner);
  switch (other.toLowerCase()) {
    case "internet":
      return inner !== undefined && isPublic(inner);
    case "virtualnetwork":
      // Application security groups contain VMs of a virtual network.
      return one.startsWith("/");
    default:
      return false;
  }
}

/** Whether two sources can overlap. If unknown, they can. */
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

/** Names in ipaddr.js of ranges that are not on the internet. */
const internalRanges = ["private", "uniqueLocal", "loopback", "linkLocal", "carrierGradeNat"];

function isPublic([address]: Range): boolean {
  return !internalRanges.includes(address.range());
}
