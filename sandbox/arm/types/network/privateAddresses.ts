/** Private addresses of network interfaces: finds free ones and checks requested ones. */
import { badRequest } from "../../armError.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { objectAt } from "../../json.ts";
import { contains, formatAddress, parseAddress, parsePrefix, type AddressRange } from "./addresses.ts";
import { subnetPrefixes } from "./subnetChecks.ts";
import { addressesTakenIn } from "./usage.ts";

/** Azure reserves the first four addresses and the last one of a subnet (Azure, virtual-networks-faq.md). */
const reservedAtStart = 4n;
const reservedAtEnd = 1n;

function ipv4Prefixes(subnet: Resource): { text: string; range: AddressRange }[] {
  return subnetPrefixes(objectAt(subnet.body, "properties")).flatMap((text) => {
    const range = parsePrefix(text);
    return range?.family === "ipv4" ? [{ text, range }] : [];
  });
}

/** Returns the number of usable addresses of a subnet. */
export function usableAddresses(subnet: Resource): bigint {
  return ipv4Prefixes(subnet).reduce(
    (sum, { range }) => sum + range.last - range.first + 1n - reservedAtStart - reservedAtEnd,
    0n,
  );
}

/**
 * Returns the lowest free address of a subnet, in Azure's order.
 * @param alsoTaken addresses that the same request has already taken.
 * @throws ArmError `SubnetIsFull`.
 */
export function nextFreeAddress(store: ResourceReader, subnet: Resource, alsoTaken: ReadonlySet<string>): string {
  const taken = addressesTakenIn(store, subnet.id);
  const prefixes = ipv4Prefixes(subnet);
  for (const { range } of prefixes) {
    for (let value = range.first + reservedAtStart; value <= range.last - reservedAtEnd; value++) {
      const address = formatAddress(value);
      if (!taken.has(address) && !alsoTaken.has(address)) return address;
    }
  }
  throw badRequest(
    "SubnetIsFull",
    `Subnet ${subnet.id} with address prefix ${prefixes.map(({ text }) => text).join(", ")} does not have enough capacity for 1 IP addresses.`,
  );
}

/**
 * Checks an explicitly requested address.
 * @throws ArmError `PrivateIPAddressNotInSubnet`, `PrivateIPAddressInReservedRange`, `PrivateIPAddressIsAllocated`.
 */
export function checkAddress(store: ResourceReader, subnet: Resource, address: string, configurationId: string): void {
  const range = parseAddress(address);
  const prefixes = ipv4Prefixes(subnet);
  const home = range && prefixes.find((prefix) => contains(prefix.range, range));
  if (range === undefined || home === undefined) {
    throw badRequest(
      "PrivateIPAddressNotInSubnet",
      `Private static IP address ${address} does not belong to the range of subnet prefix ${prefixes.map(({ text }) => text).join(", ")}.`,
    );
  }
  if (range.first < home.range.first + reservedAtStart || range.first > home.range.last - reservedAtEnd) {
    throw badRequest(
      "PrivateIPAddressInReservedRange",
      `Private static IP address ${address} falls within reserved IP range of subnet prefix ${home.text}.`,
    );
  }
  const holder = addressesTakenIn(store, subnet.id).get(address);
  if (holder !== undefined && holder.toLowerCase() !== configurationId.toLowerCase()) {
    throw badRequest(
      "PrivateIPAddressIsAllocated",
      `IP configuration ${configurationId} is using the private IP address ${address} which is already allocated to resource ${holder}.`,
    );
  }
}
