/**
 * Which hours of an archive a time range needs, and under which names they lie. Azure Monitor puts a record into the blob
 * of the hour in which it received the record (azure-monitor-docs, platform/resource-logs.md), which is not the hour in
 * which it happened.
 */

/** Hours since 1970, UTC. */
export type Hour = number;

/** The hours from `first` to `last`, both included; from the beginning where there is no `first`. */
export interface HourRange {
  readonly first: Hour | undefined;
  readonly last: Hour;
}

const hourMs = 3_600_000;

/** A record can be dated shortly after it was received, where the clocks differ. */
const hoursBefore = 1;
/**
 * How late a record is expected at most, in milliseconds. Azure promises no limit: a record takes up to "several hours" to reach a
 * storage account (azure-docs, "Monitor Azure Bastion"), and users report many hours (Azure/azure-diagnostics-tools#108).
 */
export const usualLatenessMs = 6 * hourMs;

export interface RangeOfRecords {
  /** Included. Default: the first record. */
  readonly from?: Date;
  /** Not included. Default: the present. */
  readonly to?: Date;
  readonly now: Date;
  /** How long after it happened a record of the range may have been received, in milliseconds. @default usualLatenessMs */
  readonly lateMs?: number;
}

/** The hours whose blobs can hold records of a time range; none after the hour that follows `now`. */
export function hoursFor({ from, to, now, lateMs = usualLatenessMs }: RangeOfRecords): HourRange {
  const present = hourOf(now) + 1;
  const last = to === undefined ? present : Math.min(present, hourOf(new Date(to.getTime() - 1 + lateMs)));
  return { first: from === undefined ? undefined : hourOf(from) - hoursBefore, last };
}

/** The instant before which all that was received is in the hours of a range. */
export function receivedUntil({ last }: HourRange, now: Date): Date {
  return new Date(Math.min(now.getTime(), (last + 1) * hourMs));
}

function hourOf(moment: Date): Hour {
  return Math.floor(moment.getTime() / hourMs);
}

/** The hour of a blob. @param name the part of its name after the resource: `y=2026/m=05/d=04/h=10/...`, in any case. */
export function hourOfName(name: string): Hour | undefined {
  const [, year = "", month = "", day = "", hour = ""] = /^y=(\d{4})\/m=(\d\d)\/d=(\d\d)\/h=(\d\d)\//i.exec(name) ?? [];
  return hourOfDate(year, month, day, hour);
}

function hourOfDate(year: string, month: string, day: string, hour: string): Hour | undefined {
  const time = Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`);
  return Number.isNaN(time) ? undefined : time / hourMs;
}

/** `y=2026/m=05/d=04/h=10/` */
export function folderOfHour(hour: Hour): string {
  return units.map((unit) => unit.name(new Date(hour * hourMs))).join("");
}

export function includes({ first, last }: HourRange, hour: Hour): boolean {
  return hour <= last && (first === undefined || hour >= first);
}

/**
 * The fewest folders that hold all hours of a range and no other hour: `y=2025/`, `y=2026/m=01/`, `y=2026/m=02/d=01/h=00/`.
 * In time order. A range without a beginning is the empty prefix: everything.
 */
export function prefixesOf({ first, last }: HourRange): string[] {
  return first === undefined ? [""] : cover(units, "", first, last);
}

interface Unit {
  readonly name: (moment: Date) => string;
  /** Begin of the next one. */
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

/** Cuts the hours at the bounds of the first unit, and goes on with smaller ones where they do not fill it. */
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
