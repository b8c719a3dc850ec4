import { hourMs } from "../../time.ts";

/** Returns a path with the characters of a blob's name: a download may have backslashes, or `%3D` and `%2F` as in the blob's URL. */
export function blobPath(path: string): string {
  return path.replaceAll("\\", "/").replaceAll(/%3d/gi, "=").replaceAll(/%2f/gi, "/");
}

/**
 * Returns the hour in the path of a blob or of its copy in the cache, in milliseconds since the Unix epoch:
 * `.../y=2026/m=05/d=04/h=10/m=00/PT1H.json`, in any case (azure-monitor-docs, platform/resource-logs.md), or `.../y=2026/m=05/d=04/h=10.json`. Returns `undefined` for a path without an hour.
 */
export function blobHour(path: string): number | undefined {
  const [, year, month, day, hour] = /\by=(\d{4})\/m=(\d\d)\/d=(\d\d)\/h=(\d\d)(?=[/.-])/i.exec(blobPath(path)) ?? [];
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour));
}

/**
 * Returns whether Azure Monitor may still append to a blob: it does so during the blob's hour and, for late records, the next
 * one.
 */
export function mayGrow(path: string, now: Date): boolean {
  const hour = blobHour(path);
  return hour !== undefined && now.getTime() < hour + 2 * hourMs;
}
