/** Finds the price of a part, if the list has exactly one. */
import type { RetailPrice } from "../../azure/retailPrices.ts";
import type { BilledPart } from "./billedParts.ts";

export interface PricedPart extends Pick<BilledPart, "part" | "resource" | "region" | "meter" | "unit" | "quantity"> {
  /** Price of one unit; `null` if the list has none or several. */
  readonly price: number | null;
  /** Price per month, in cents of the currency. */
  readonly month: number | null;
  /** Start of the price's validity, ISO 8601. */
  readonly since: string | null;
}

/** Regions of meters that cost the same everywhere. */
const everywhere = ["", "global"];
const units = { hour: ["1 hour", "1/hour"], month: ["1 month", "1/month"] };

/** @param list prices that match the part's filter. */
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
  // With several prices for one part, it is unknown which one applies.
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
