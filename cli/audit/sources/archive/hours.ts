/**
 * Finds the hours of an archive that a time range needs, and the names of their folders. Azure Monitor writes a record to the
 * blob of the hour in which it received the record (azure-monitor-docs, platform/resource-logs.md), not the hour in which it
 * happened.
 */
import { hourMs } from "../../../time.ts";

/** Hours since the Unix epoch, UTC. */
export type Hour = number;

/** The hours from `first` to `last`, both inclusive; from the beginning if there is no `first`. */
export interface HourRange {
  readonly first: Hour | undefined;
  readonly last: Hour;
}

/** A record can be dated shortly after it was received, if clocks differ. */
const hoursBefore = 1;
/**
 * How late a record is expected at most, in milliseconds. Azure promises no limit: a record takes up to "several hours" to
 * reach a storage account (azure-docs, "Monitor Azure Bastion"), and users report many hours
 * (Azure/azure-diagnostics-tools#108).
 */
export const usualLatenessMs = 6 * hourMs;

export interface RangeOfRecords {
  /** Inclusive. Default: the first record. */
  readonly from?: Date;
  /** Exclusive. Default: now. */
  readonly to?: Date;
  readonly now: Date;
  /** How long after it happened a record of the range may have been received, in milliseconds. @default usualLatenessMs */
  readonly lateMs?: number;
}

/** Returns the hours whose blobs can hold records of a time range, up to the hour after `now`. */
export function hoursFor({ from, to, now, lateMs = usualLatenessMs }: RangeOfRecords): HourRange {
  const present = hourOf(now) + 1;
  const last = to === undefined ? present : Math.min(present, hourOf(new Date(to.getTime() - 1 + lateMs)));
  return { first: from === undefined ? undefined : hourOf(from) - hoursBefore, last };
}

/** Returns the instant before which everything received is in the hours of a range. */
export function receivedUntil({ last }: HourRange, now: Date): Date {
  return new Date(Math.min(now.getTime(), (last + 1) * hourMs));
}

function hourOf(moment: Date): Hour {
  return Math.floor(moment.getTime() / hourMs);
}

/**
 * Returns the hour of a blob. @param name the part of its name after the resource: `y=2026/m=05/d=04/h=10/...`, in any case.
 */
export function hourOfName(name: string): Hour | undefined {
  const [, year = "", month = "", day = "", hour = ""] = /^y=(\d{4})\/m=(\d\d)\/d=(\d\d)\/h=(\d\d)\//i.exec(name) ?? [];
  return hourOfDate(year, month, day, hour);
}

function hourOfDate(year: string, month: string, day: string, hour: string): Hour | undefined {
  const time = Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`);
  return Number.isNaN(time) ? undefined : time / hourMs;
}

/** Returns the folder of an hour: `y=2026/m=05/d=04/h=10/`. */
export function folderOfHour(hour: Hour): string {
  return units.map((unit) => unit.name(new Date(hour * hourMs))).join("");
}

export function includes({ first, last }: HourRange, hour: Hour): boolean {
  return hour <= last && (first === undefined || hour >= first);
}

/**
 * Returns the fewest folders that hold all hours of a range and no others, in order of time: `y=2025/`, `y=2026/m=01/`,
 * `y=2026/m=02/d=01/h=00/`. For a range without a start, returns the empty prefix, which matches everything.
 */
export function prefixesOf({ first, last }: HourRange): string[] {
  return first === undefined ? [""] : cover(units, "", first, last);
}

interface Unit {
  readonly name: (moment: Date) => string;
  /** Start of the next one. */
  readonly next: (moment: Date) => number;
}

const units: readonly Unit[] = [
  {
    name: (moment) => `y=${digits(moment.getUTCFullYear(), 4)}/`,
    next: (moment) => Date.UTC(moment.getUTCFullYear() + 1),
  },
  {
    name: (moment) => `m=${digits(moment.getUTCMonth() + 1)}/`,
    next: (moment) => Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1),
  },
  {
    name: (moment) => `d=${digits(moment.getUTCDate())}/`,
    next: (moment) => Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate() + 1),
  },
  { name: (moment) => `h=${digits(moment.getUTCHours())}/`, next: (moment) => moment.getTime() + hourMs },
];

/** Splits the hours at the bounds of the first unit, and splits units that they do not fill into smaller ones. */
function cover([unit, ...smaller]: readonly Unit[], prefix: string, first: Hour, last: Hour): string[] {
  if (unit === undefined) {
    return [prefix];
  }
  const prefixes: string[] = [];
  let hour = first;
  while (hour <= last) {
    const moment = new Date(hour * hourMs);
    const next = unit.next(moment) / hourMs;
    const end = Math.min(next - 1, last);
    const name = prefix + unit.name(moment);
    const isWhole = end === next - 1 && isFirstHour(unit, moment);
    prefixes.push(...(isWhole ? [name] : cover(smaller, name, hour, end)));
    hour = next;
  }
  return prefixes;
}

function isFirstHour(unit: Unit, moment: Date): boolean {
  return unit.next(new Date(moment.getTime() - hourMs)) === moment.getTime();
}

function digits(value: number, count = 2): string {
  return String(value).padStart(count, "0");
}
