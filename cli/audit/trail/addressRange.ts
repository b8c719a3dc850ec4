/** Addresses of rules as numbers. Bastion reaches VMs over IPv4 only, so no other address lets one of its sessions in. */
import { parseIpv4Range, privateIpv4Ranges, type Ipv4Range } from "@bastion-trail/core/rules/ipv4Range";

/** The first and the last address of a range. */
export interface AddressRange {
  readonly Lo: number;
  readonly Hi: number;
}

export const everywhere: AddressRange = { Lo: 0, Hi: 2 ** 32 - 1 };

/** Words for everything, or for all addresses of a virtual network and its peers (Azure, service tags). */
const wide = ["*", "any", "virtualnetwork"];

/** Where a Bastion host may be if its subnet is not known: a virtual network has private addresses. */
export const privateRanges: readonly AddressRange[] = privateIpv4Ranges.map(asNumbers);

/** Reads an address, a range, `*` or `VirtualNetwork`; returns `undefined` for other tags, groups and IPv6. */
export function rangeOf(text: string): AddressRange | undefined {
  const trimmed = text.trim();
  if (wide.includes(trimmed.toLowerCase())) return everywhere;
  const range = parseIpv4Range(trimmed.includes("/") ? trimmed : `${trimmed}/32`);
  return range && asNumbers(range);
}

function asNumbers({ first, last }: Ipv4Range): AddressRange {
  return { Lo: first, Hi: last };
}

/** Returns an IPv4 address as a number; -1 for anything else. */
export function addressOf(text: string | null): number {
  return parseIpv4Range(`${text ?? ""}/32`)?.first ?? -1;
}
