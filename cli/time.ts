/** Times as people write and read them. The default is UTC, as in the logs and in Azure's portal links. */

const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The last time that a `Date` can have, in milliseconds since the Unix epoch. */
export const forever = 8.64e15;

const units: Readonly<Record<string, number>> = {
  s: secondMs,
  m: minuteMs,
  h: hourMs,
  d: dayMs,
  w: 7 * dayMs,
};

/**
 * Parses `90m`, `24h`, `7d`, `1h30m` or `1d12h`.
 * @param least the shortest length allowed, in milliseconds. Default: no length of zero.
 * @returns milliseconds; `undefined` for anything else.
 */
export function parseDuration(text: string, least = 1): number | undefined {
  const compact = text.trim().toLowerCase();
  if (!/^(?:\d+[smhdw])+$/.test(compact)) {
    return undefined;
  }
  const parts = [...compact.matchAll(/(\d+)([smhdw])/g)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
  return total >= least && Number.isSafeInteger(total) ? total : undefined;
}

/** Formats milliseconds as `parseDuration` reads them, in the largest of these units that fits: `30s`, `90m`, `24h`. */
export function durationText(ms: number): string {
  const unit = ["h", "m", "s"].find((name) => ms % (units[name] ?? 1) === 0) ?? "s";
  return `${ms / (units[unit] ?? 1)}${unit}`;
}

/**
 * Parses an ISO 8601 date or time. Without a zone it is UTC, so that a command means the same on every computer.
 * @returns `undefined` for anything else, such as the 31st of June.
 */
export function parseMoment(text: string): Date | undefined {
  const match =
    /^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
      text.trim(),
    );
  const { date = "", time = "00:00", zone = "Z" } = match?.groups ?? {};
  if (match === null || !isCalendarDay(date)) {
    return undefined;
  }
  const value = new Date(`${date}T${time}${zone.toUpperCase().replace(/^(.\d\d)(\d\d)$/, "$1:$2")}`);
  return Number.isNaN(value.getTime()) ? undefined : value;
}

/** `Date` itself turns the 31st of June into the 1st of July. */
function isCalendarDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}

/** How times are shown. */
export interface TimeStyle {
  /** In the local time zone, with its offset. Default: UTC. */
  readonly local?: boolean;
}

/** `2026-05-04 10:00:00Z`, or `2026-05-04 12:00:00+02:00`. Text that is not a time is returned unchanged. */
export function formatTime(time: Date | string, { local = false }: TimeStyle = {}): string {
  const moment = typeof time === "string" ? new Date(time) : time;
  if (Number.isNaN(moment.getTime())) {
    return String(time);
  }
  const offset = local ? -moment.getTimezoneOffset() : 0;
  const shown = new Date(moment.getTime() + offset * minuteMs).toISOString().slice(0, 19).replace("T", " ");
  return local ? shown + formatOffset(offset) : `${shown}Z`;
}

/** A sentence with UTC times, which are shown in a style. */
export function withTimes(text: string, style: TimeStyle): string {
  const time = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g;
  return text.replaceAll(time, (utc) => formatTime(new Date(utc.replace(" ", "T")), style));
}

function formatOffset(minutes: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}

/** Formats seconds by their two largest units: `45s`, `12m 05s`, `3h 07m`, `2d 04h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`;
  return `${Math.floor(whole / 86_400)}d ${two(Math.floor((whole % 86_400) / 3600))}h`;
}
