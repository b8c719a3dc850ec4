import { blobHour } from "./blobHour.ts";

/** A blob as it was read. */
export interface ReadBlob {
  /** The blob's whole name in its container. */
  readonly name: string;
  /** How much of it was read, from its begin: whole lines. */
  readonly bytes: number;
  /** SHA-256 of those bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** Which blobs of an archive a result rests on; both are null for any other source. */
export interface BlobCoverage {
  /**
   * The hours of the time range in which no host has a blob, as ranges: ISO 8601 UTC, the end not included. Azure Monitor makes
   * a blob only in an hour in which it receives a record, so such an hour is no sign of a loss, and none against it.
   */
  readonly hoursWithoutBlob: readonly { readonly from: string; readonly to: string }[] | null;
  /** In the order of their names. */
  readonly blobs: readonly ReadBlob[] | null;
}

/** Of a source that is not an archive. */
export const noBlobs: BlobCoverage = { hoursWithoutBlob: null, blobs: null };

const hourMs = 3_600_000;

/**
 * @param blobs null where the source is not an archive.
 * @param range what was asked for. Without a beginning it begins with the first blob; it ends with the present hour at the latest.
 */
export function blobCoverage(
  blobs: readonly ReadBlob[] | null,
  { from, to }: { readonly from?: Date | undefined; readonly to?: Date | undefined },
  now: Date,
): BlobCoverage {
  if (blobs === null) {
    return noBlobs;
  }
  const hours = [...new Set(blobs.flatMap(({ name }) => blobHour(name) ?? []))].sort((a, b) => a - b);
  const first = from === undefined ? hours[0] : hourOf(from.getTime());
  const last = hourOf(Math.min(now.getTime(), to === undefined ? Infinity : to.getTime() - 1));
  const hoursWithoutBlob: { from: string; to: string }[] = [];
  let next = first ?? Infinity;
  for (const hour of [...hours.filter((one) => one >= next && one <= last), last + hourMs]) {
    if (hour > next) hoursWithoutBlob.push({ from: iso(next), to: iso(hour) });
    next = hour + hourMs;
  }
  return { hoursWithoutBlob, blobs };
}

/** The begin of the hour. */
function hourOf(time: number): number {
  return Math.floor(time / hourMs) * hourMs;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
