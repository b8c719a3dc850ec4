/** Reads values of JSON that may contain anything. */
import { jsonValue } from "../../jsonValue.ts";
import { isInEitherMonth, isoDate, localDate } from "../pieces/localDate.ts";

/** Members of JSON objects, keyed by their names in lower case, and also by their bare names. */
export type Members = ReadonlyMap<string, unknown>;

/** What is not in a bare name. */
const mark = /[^\p{L}\p{N}]/u;
const marks = new RegExp(mark, "gu");

/**
 * Returns the letters and digits of a name, in lower case. Tools that make a table of nested JSON join the names of the members, each
 * in its own way: `properties.userName` (pandas, Power Query), `properties_userName` (`bag_unpack` of Kusto), `properties/userName`
 * (csvkit). Python's SDKs write `user_name`.
 */
export function bareName(name: string): string {
  return name.toLowerCase().replaceAll(marks, "");
}

/** Adds the bare names of members, unless members of these names have a value. */
export function withBareNames(members: Map<string, unknown>): Members {
  for (const [name, value] of members) {
    if (!mark.test(name)) continue;
    const bare = bareName(name);
    members.set(bare, members.get(bare) ?? value);
  }
  return members;
}

/**
 * Returns whether an id is none: it has no digit but zero. .NET writes such a GUID if it is not set, and as an id it would join
 * entries that have nothing in common.
 */
export function isNoId(text: string): boolean {
  return !/[^0-]/.test(text);
}

/** Merges the members of several objects. The first object that has a member wins, unless its value is null. */
export function membersOf(...objects: readonly Readonly<Record<string, unknown>>[]): Members {
  const members = new Map<string, unknown>();
  for (const object of objects) {
    for (const [key, value] of entriesOf(object)) {
      const lower = key.toLowerCase();
      members.set(lower, members.get(lower) ?? value);
    }
  }
  return withBareNames(members);
}

/**
 * Returns the members of an object. A row of the portal's CSV that became JSON keeps its titles. `az monitor log-analytics query` writes
 * each value of a row as a text, a missing one as `None`, and adds the member `TableName`, which its `--query` may leave out
 * (azure-cli-extensions, log-analytics, `transform_query_output`): there, `None` is null.
 */
export function entriesOf(
  object: Readonly<Record<string, unknown>>,
): readonly (readonly [key: string, value: unknown])[] {
  const written = Object.entries(object);
  const hasTitles = written.some(([key]) => key.endsWith("]"));
  const entries = hasTitles ? written.map(([key, value]) => [columnIn(key), value] as const) : written;
  return Object.hasOwn(object, "TableName") || written.every(([, value]) => typeof value === "string")
    ? entries.map(([key, value]) => [key, value === "None" ? null : value])
    : entries;
}

/** Returns the name of a column from its title in the portal, which appends the time zone: `TimeGenerated [UTC]`. */
export function columnIn(title: string): string {
  return title.trim().replace(/ \[UTC\]$/i, "");
}

/** Returns one member of an object, as `membersOf` does. @param name in lower case. */
export function memberOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  // Far cheaper than to collect all members.
  const key = Object.keys(object).find(
    (one) => one.length === name.length && one.toLowerCase() === name && object[one] !== null,
  );
  return key === undefined ? undefined : object[key];
}

/** Returns an object, which some exports write as a text; an empty object for anything else. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : (jsonObjectIn(value) ?? {});
}

/** Parses a text as a JSON object; `undefined` if it is not one. */
export function jsonObjectIn(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "string") {
    return undefined;
  }
  const parsed = jsonValue(value);
  return isObject(parsed) ? parsed : undefined;
}

/** Returns a value as the text that DuckDB reads it as; null if it is empty. */
export function textOf(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return value === "" ? null : value;
    case "number":
    case "boolean":
      return String(value);
    case "object":
      return value === null ? null : JSON.stringify(value);
    default:
      return null;
  }
}

/**
 * Returns a value that is no object, or the `value` that an object has beside a text for people: a word of the activity log, or a
 * date that passed through a pipeline of Windows PowerShell, `{"value": "/Date(...)/", "DateTime": "Monday, ..."}`.
 */
export function plainOf(value: unknown): unknown {
  return isObject(value) ? memberOf(value, "value") : value;
}

/**
 * Returns an ARM id with one slash before it and none after it, so that it equals the same id from another log. Returns any other
 * text unchanged.
 */
export function armIdOf(text: string): string {
  return /^\/?subscriptions\//i.test(text) ? text.replace(/^(?!\/)/, "/").replace(/\/+$/, "") : text;
}

/** The time of a row in the portal's CSV if its page shows local times: `TimeGenerated [Local Time]`. */
const localColumn = /^(?:time|timegenerated) \[.*\]$/;

/** Returns the name of the column with the time of a row in an unknown time zone, if it has one. */
export function localTimeIn(members: Members): string | undefined {
  return [...members.keys()].find((key) => localColumn.test(key));
}

/** Explains why an entry has no time. @param what the entry, such as `record`. */
export function noTime(what: string, members: Members): string {
  const local = localTimeIn(members);
  return local === undefined
    ? `The ${what} has no time.`
    : `The ${what} has no time in UTC, only the column '${local}': let the portal show UTC, and export again.`;
}

/** Returns the beginning of a text, for a message about it. */
export function cut(text: string): string {
  return text.slice(0, 40);
}

/** Explains why a time cannot be read. */
export function badTime(written: string): string {
  const time = cut(written);
  if (spreadsheetTime.test(written.trim())) {
    return `A spreadsheet has saved its time as ${time}: use the file as it was exported.`;
  }
  return isInEitherMonth(written)
    ? `No date of the file tells the month of its time, ${time}: export with ISO 8601 times.`
    : `Its time is not an ISO 8601 date: ${time}`;
}

/** What spreadsheets make of a time: a number of days since 1900, or since 1904, or only its minutes and seconds. */
const spreadsheetTime = /^\d{5}(?:[.,]\d+)?$|^\d\d:\d\d[.,]\d$/;

const isoForm = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * `/Date(1772445510880)/`, milliseconds since the Unix epoch: a date in the JSON of Windows PowerShell 5.1. A time zone only
 * affects its display.
 */
const powershellDate = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/;

/** Seconds or milliseconds since the Unix epoch, between 2001 and 2286: Python's tools write times so. */
const epochTime = /^\d{10}(?:\d{3})?(?:\.\d+)?$/;

/** The range of years with four digits. */
const earliest = Date.parse("0001-01-01T00:00:00.000Z");
const latestInstant = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Returns an ISO 8601 date with milliseconds; a date without a time zone is UTC. Further digits are cut off: Azure writes up to
 * seven. Returns null for anything else: whether `3/2/2026` is in February or in March only the other dates of its file may tell.
 */
export function instantOf(text: string | null): string | null {
  const written = text?.trim() ?? "";
  const time = numberOfMilliseconds(written) ?? isoTime(written) ?? zonedTime(written) ?? NaN;
  return time >= earliest && time <= latestInstant ? new Date(time).toISOString() : null;
}

/** Returns the time of a date in the form of a program if it alone tells what it means, such as `Mon, 04 May 2026 10:00:00 GMT`. */
function zonedTime(text: string): number | undefined {
  const date = localDate(text);
  return date?.zone === undefined ? undefined : isoTime(isoDate(date, undefined));
}

/** Returns the milliseconds since the Unix epoch if a time is written as their number, or as that of seconds. */
function numberOfMilliseconds(text: string): number | undefined {
  const [, milliseconds] = powershellDate.exec(text) ?? [];
  if (milliseconds !== undefined) return Number(milliseconds);
  if (!epochTime.test(text)) return undefined;
  return Math.floor(Number(text) * (/^\d{13}/.test(text) ? 1 : 1000));
}

/** Returns `undefined` for a text that is not ISO 8601; NaN for a day or an hour that does not exist. */
function isoTime(text: string): number | undefined {
  const [, day, clock = "00:00", second = "00", fraction = "0", zone = "Z"] = isoForm.exec(text) ?? [];
  if (day === undefined) {
    return undefined;
  }
  const offset = /^(?:Z|UTC)$/i.test(zone) ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3).replace(":", "") || "00"}`;
  const time = Date.parse(`${day}T${clock}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}${offset}`);
  // JavaScript reads 30 February as 2 March, so the day is compared with the input. Every month has 28 days.
  const isReal = Number(day.slice(-2)) <= 28 || (!Number.isNaN(time) && new Date(day).toISOString().startsWith(day));
  return isReal ? time : NaN;
}

/** Returns a port number, or null. */
export function portIn(text: string): number | null {
  const number = decimalIn(text);
  return Number.isInteger(number) && number <= 65_535 ? number : null;
}

/** Returns a number without a sign, or NaN. Tables have real numbers: `50312.0`. */
export function decimalIn(text: string): number {
  return /^\s*\d+(?:\.\d*)?\s*$/.test(text) ? Number(text) : NaN;
}

/** Returns whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Returns what `read` returns, or a reason if the value is nested too deeply: JavaScript cannot write JSON with some 10,000
 * levels.
 */
export function unlessTooDeep<Found>(read: () => Found): Found | { readonly reason: string } {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return { reason: "Its values are nested too deeply." };
    throw error;
  }
}
