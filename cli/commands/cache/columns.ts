import type { KeptEvidence } from "../../audit/store/lifetime.ts";
import type { Column } from "../../reporters/rows.ts";

/** The fields of cached evidence in a row and in the JSON. */
export type CacheRow = Pick<KeptEvidence, "id" | "of" | "lastUsed" | "bytes" | "files">;

export const cacheColumns: readonly Column<CacheRow>[] = [
  { key: "id", type: "id", value: ({ id }) => id },
  { key: "of", title: "SOURCE", value: ({ of }) => of, short: ({ of }) => of.replace(/^https:\/\//, "") },
  { key: "lastUsed", title: "LAST USED", type: "time", value: ({ lastUsed }) => lastUsed, leaveOut: 2 },
  { key: "bytes", title: "MB", type: "number", value: ({ bytes }) => bytes, short: ({ bytes }) => megabytes(bytes) },
  { key: "files", type: "number", value: ({ files }) => files, leaveOut: 1 },
];

export function rowOf({ id, of, lastUsed, bytes, files }: KeptEvidence): CacheRow {
  return { id, of, lastUsed, bytes, files };
}

/** Millions of bytes, with one decimal. */
function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
