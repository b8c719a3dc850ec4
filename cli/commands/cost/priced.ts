/** The price of a part, if the list has exactly one. */
import type { RetailPrice } from "../../azure/retailPrices.ts";
import type { BilledPart } from "./billedParts.ts";

export interface PricedPart extends Pick<BilledPart, "part" | "resource" | "region" | "meter" | "unit" | "quantity"> {
  /** Of one unit; `null` where the list has no price, or several. */
  readonly price: number | null;
  /** Of a month, in cents of the currency. */
  readonly month: number | null;
  /** Since when the price holds, ISO 8601. */
  readonly since: string | null;
}

/** Meters that cost the same everywhere have no region of their own. */
const everywhere = ["", "global"];
const units = { hour: ["1 hour", "1/hour"], month: ["1 month", "1/month"] };

/** @param list what matches the part's filter. */
export function priced(
  { part, resource, region, meter, unit, quantity, isIt = () => true }: BilledPart,
  list: readonly RetailPrice[],
): PricedPart {
  const facts = { part, resource, region, meter, unit, quantity };
  const fitting = list.filter(
    (one) => one.tierMinimumUnits === 0 && units[unit].includes(one.unitOfMeasure.toLowerCase()) && isIt(one),
  );
  const inRegion = fitting.filter(({ armRegionName }) => armRegionName.toLowerCase() === region);
  const found =
    inRegion.length > 0
      ? inRegion
      : fitting.filter(({ armRegionName }) => everywhere.includes(armRegionName.toLowerCase()));
  const [price, ...others] = new Set(found.map(({ retailPrice }) => retailPrice));
  // Several prices for one thing: none of them is known to be the one.
  if (price === undefined || others.length > 0) return { ...facts, price: null, month: null, since: null };
  const since =
    found
      .map(({ effectiveStartDate }) => effectiveStartDate)
      .toSorted()
      .at(-1) ?? null;
  return { ...facts, price, month: cents(price * quantity), since };
}

export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
