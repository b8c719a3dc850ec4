/** Turns the options of `logs` into a filter. */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { SessionFilter } from "../../audit/records/types.ts";
import type { sessionFilterOptions } from "./options.ts";
import { UserError } from "../../errors.ts";
import { typedId } from "../../names/idPrefix.ts";
import type { OptionValues } from "../../options.ts";
import { rangeFrom } from "../../timeRange.ts";

export type FilterFlags = OptionValues<typeof sessionFilterOptions>;

/** @throws `UserError` for an address that is malformed. */
export function checkAddress({ ip }: Pick<FilterFlags, "ip">): void {
  if (ip !== undefined && !isAddressOrRange(ip)) {
    throw new UserError(
      `'${ip}' is not an IP address.`,
      "Use an address such as 203.0.113.7, or a range such as 203.0.113.0/24.",
    );
  }
}

/**
 * @param flags which `checkRange` and `checkAddress` accept.
 * @param defaultSince milliseconds before now, used without --since and --from; `undefined` for no bound.
 */
export function filterFrom(flags: FilterFlags, now: Date, defaultSince: number | undefined): SessionFilter {
  const { user, vm, ip, protocol, outcome, tunnel } = flags;
  const { from, to } = rangeFrom(flags, now, defaultSince);
  const filter = { from, to, user, vm, ip, protocol, outcome, tunnel: tunnel && typedId(tunnel) };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** ipaddr.js alone would also accept `203.0.113`, which inet_aton reads as 203.0.0.113. */
function isAddressOrRange(text: string): boolean {
  const [address = ""] = text.split("/", 1);
  return isIP(address) !== 0 && (ipaddr.isValid(text) || ipaddr.isValidCIDR(text));
}
