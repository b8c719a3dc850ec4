import { blobHour } from "./blobHour.ts";
import { hourMs } from "../../time.ts";

/** The part of a blob that was read. */
export interface ReadBlob {
  /** Full name of the blob in its container. */
  readonly name: string;
  /** Number of bytes read from its start: whole lines only. */
  readonly bytes: number;
  /** SHA-256 of those bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** The blobs of an archive that a result is based on. Both are null for any other source. */
export interface BlobCoverage {
  /**
   * The hours of the time range in which no host has a blob, as ranges: ISO 8601 UTC, end exclusive. Azure Monitor creates a
   * blob only in an hour in which it receives a record, so such an hour neither proves nor rules out a loss.
   */
  readonly hoursWithoutBlob: readonly { readonly from: string; readonly to: string }[] | null;
  /** Sorted by name. */
  readonly blobs: readonly ReadBlob[] | null;
}

/** The coverage of a source that is not an archive. */
export const noBlobs: BlobCoverage = { hoursWithoutBlob: null, blobs: null };

/**
 * Returns the blobs read and the hours without a blob.
 * @param blobs null if the source is not an archive.
 * @param range the time range asked for. Without a start it starts with the first blob; it ends with the current hour at the
 * latest.
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

/** Returns the start of the hour. */
function hourOf(time: number): number {
  return Math.floor(time / hourMs) * hourMs;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
