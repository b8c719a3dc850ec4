/**
 * Dates in the form of a country or a program, such as `11/27/2026, 3:43:11.123 AM`. The CSV of the portal's Logs page has them since
 * 2020, in the form of the browser (azure-docs #66181), and so have files that Excel or PowerShell wrote. The Defender portal also names
 * the month: `Nov 27, 2026 3:43:11 AM` (WDAC-Toolkit #372, #380). JavaScript and HTTP headers (RFC 9110) do too, and tell the time zone;
 * .NET's `DateTimeOffset` only tells that.
 */

/** Which of the two numbers beside the year comes first. */
export type DateOrder = "dayFirst" | "monthFirst";

const bothOrders: readonly DateOrder[] = ["dayFirst", "monthFirst"];

/** A text that is such a date. */
export interface LocalDate {
  readonly text: string;
  /** Whether the year comes first or the month is named: then `first` is the month. */
  readonly isClear: boolean;
  readonly year: string;
  /** The two other numbers. */
  readonly first: string;
  readonly second: string;
  /** The orders in which this is a date. */
  readonly orders: readonly DateOrder[];
  /** Whether slashes, a comma and `AM` or `PM` are where the United States have them: `5/4/2026, 3:43:11 AM`. */
  readonly mayBeAmerican: boolean;
  /** ISO 8601. */
  readonly clock: string;
  /** The time zone in ISO 8601; `undefined` if the text has none. */
  readonly zone: string | undefined;
}

const clockForm =
  String.raw`\.?(?<gap>,?\s+)(?<before>上午|下午|오전|오후)?\s*(?<hour>\d{1,2})[:.](?<minute>\d\d)` +
  String.raw`(?:[:.](?<seconds>\d\d)(?:[.,](?<fraction>\d{1,7}))?)?(?:\s*(?<after>[ap]\.?\s?m\.?))?`;

/** Names of other zones are ambiguous: CST is in America and in China. JavaScript repeats the zone in words. */
const zoneForm = String.raw`(?:\s*(?<zone>Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d\d)?|UTC|GMT)(?: \(.*\))?)?`;

const weekday = String.raw`(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?`;

const yearFirst = formOf(String.raw`(?<year>\d{4})(?<mark>[/.-])\s?(?<first>\d{1,2})\k<mark>\s?(?<second>\d{1,2})`);
const named = formOf(String.raw`${weekday}(?<name>[a-z]{3,9})\s+(?<second>\d{1,2}),?\s+(?<year>\d{4})`);
const nameSecond = formOf(
  String.raw`${weekday}(?<second>\d{1,2})(?<mark>[\s-])(?<name>[a-z]{3,9})\k<mark>(?<year>\d{4})`,
);
const yearLast = formOf(String.raw`(?<first>\d{1,2})(?<mark>[/.-])\s?(?<second>\d{1,2})\k<mark>\s?(?<year>\d{4})`);

function formOf(date: string): RegExp {
  return new RegExp(`^${date}${clockForm}${zoneForm}$`, "i");
}

/** ISO 8601, also with a space, as SQL has it: no country's form. */
const isoForm = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:\s*(?:Z|[+-]\d\d(?::?\d\d)?))?$/;

/** Returns a text as a date; `undefined` if it is none, or ISO 8601. */
export function localDate(text: string): LocalDate | undefined {
  const written = text.trim();
  if (isoForm.test(written)) {
    return undefined;
  }
  const clearly = yearFirst.exec(written) ?? named.exec(written) ?? nameSecond.exec(written);
  const { groups } = clearly ?? yearLast.exec(written) ?? {};
  const first = groups?.first ?? monthOf(groups?.name);
  if (groups === undefined || first === undefined) {
    return undefined;
  }
  const { year = "", mark, second = "", gap = "", before, after = "", zone } = groups;
  return {
    text,
    isClear: clearly !== null,
    year,
    first,
    second,
    orders: ordersOf(Number(first), Number(second), mark),
    mayBeAmerican: mark === "/" && gap.startsWith(",") && /^[AP]M$/.test(after),
    clock: clockOf(groups, before ?? after),
    zone: zone === undefined ? undefined : zoneOf(zone),
  };
}

const months = "january february march april may june july august september october november december".split(" ");

/** Returns the number of a month from its English name, or from the three or four letters for it. */
function monthOf(name = ""): string | undefined {
  const at = months.findIndex((month) => [month, month.slice(0, 3), month.slice(0, 4)].includes(name.toLowerCase()));
  return at === -1 ? undefined : String(at + 1);
}

/** Every language that separates the numbers by points or hyphens begins with the day, or with the year (CLDR 48). */
function ordersOf(first: number, second: number, mark: string | undefined): readonly DateOrder[] {
  const possible = bothOrders.filter((order) => (order === "dayFirst" ? second : first) <= 12);
  return possible.length === 2 && mark !== "/" ? ["dayFirst"] : possible;
}

/** @param half the word for the half of the day; empty for a clock of 24 hours. */
function clockOf({ hour, minute, seconds = "00", fraction = "0" }: Record<string, string>, half: string): string {
  const afternoon = /^(?:p|下午|오후)/i.test(half) ? 12 : 0;
  const at = half === "" ? Number(hour) : (Number(hour) % 12) + afternoon;
  return `${String(at).padStart(2, "0")}:${minute}:${seconds}.${fraction}`;
}

function zoneOf(text: string): string {
  const [, sign, hours = "", minutes = "00"] = /([+-])(\d{1,2}):?(\d\d)?$/.exec(text) ?? [];
  return sign === undefined ? "Z" : `${sign}${hours.padStart(2, "0")}:${minutes}`;
}

/** Returns whether only all dates of a file together tell what a date means. */
export function needsOrder({ isClear, first, second }: LocalDate): boolean {
  return !isClear && first !== second;
}

/** Returns whether a text is a date in one of two months, and does not tell in which. */
export function isInEitherMonth(text: string): boolean {
  const date = localDate(text);
  return date !== undefined && needsOrder(date) && date.orders.length > 1;
}

/** Finds the order that all dates of a file have. */
export class DateOrders {
  #possible = bothOrders;
  #mayBeAmerican = true;
  #hasDigit = false;
  #hasZero = false;

  add({ isClear, orders, mayBeAmerican, first, second }: LocalDate): void {
    if (isClear) return;
    this.#possible = this.#possible.filter((order) => orders.includes(order));
    this.#mayBeAmerican &&= mayBeAmerican;
    this.#hasDigit ||= first.length === 1 || second.length === 1;
    this.#hasZero ||= first.startsWith("0") || second.startsWith("0");
  }

  /**
   * The order of the only dates that are possible or, if both orders are, the month first if all dates have the form of the United
   * States: among the languages of the portal, English of the Emirates has the same form with the day first, and it writes `05/04/2026`.
   * Without the comma, it may be .NET's, whose English of Malaysia and Singapore begins with the day. `undefined` if nothing tells.
   */
  get order(): DateOrder | undefined {
    const [only, other] = this.#possible;
    if (other === undefined) return only;
    return this.#mayBeAmerican && this.#hasDigit && !this.#hasZero ? "monthFirst" : undefined;
  }
}

/** Returns a date as ISO 8601, or its text if the order is needed and not known. */
export function isoDate(date: LocalDate, order: DateOrder | undefined): string {
  const { text, year, first, second, clock, zone = "Z" } = date;
  const known = needsOrder(date) ? order : "monthFirst";
  if (known === undefined) return text;
  const [month, day] = known === "monthFirst" ? [first, second] : [second, first];
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}T${clock}${zone}`;
}
