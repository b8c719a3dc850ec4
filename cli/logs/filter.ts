/** What the options of `logs` mean. */
import ipaddr from "ipaddr.js";
import type { SessionFilter } from "../../audit/records/types.ts";
import type { sessionFilterOptions } from "../commands/logs.ts";
import { UserError } from "../errors.ts";
import type { OptionValues } from "../options.ts";

export type FilterFlags = OptionValues<typeof sessionFilterOptions>;

/**
 * @param defaultSince milliseconds before now where neither --since nor --from says; `undefined` for no bound.
 * @throws `UserError` for a range without a length and an address that is none.
 */
export function filterFrom(flags: FilterFlags, now: Date, defaultSince: number | undefined): SessionFilter {
  const { user, vm, ip, protocol, outcome, tunnel, to } = flags;
  const from = startOf(flags, now, defaultSince);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new UserError(
      `The range is empty: it ends at ${to.toISOString()} and begins at ${from.toISOString()}.`,
      "Give a --to that is later, or an earlier --from.",
    );
  }
  if (ip !== undefined && !isAddressOrRange(ip)) {
    throw new UserError(
      `'${ip}' is no IP address.`,
      "Give one such as 203.0.113.7, or a range such as 203.0.113.0/24.",
    );
  }
  const filter = { from, to, user, vm, ip, protocol, outcome, tunnel };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function startOf({ since, from, to }: FilterFlags, now: Date, defaultSince: number | undefined): Date | undefined {
  if (since !== undefined && (from !== undefined || to !== undefined)) {
    throw new UserError(
      "--since ends now, and so goes with neither --from nor --to.",
      "Give --since, or --from and --to.",
    );
  }
  const length = since ?? (from === undefined ? defaultSince : undefined);
  if (length === undefined) {
    return from;
  }
  // With --to alone, the default length ends there.
  return new Date((to ?? now).getTime() - length);
}

function isAddressOrRange(text: string): boolean {
  return ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
}
