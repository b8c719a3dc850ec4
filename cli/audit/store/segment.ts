/** A segment of the evidence store: one Parquet file with a manifest beside it. Both are written once and never changed. */
import { createHash, randomUUID } from "node:crypto";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { eventFields } from "../activity/eventFields.ts";
import { fields } from "../fields.ts";
import { isObject } from "../records/values.ts";
import { ownerOnlyFile } from "../../files/privateFolder.ts";
import type { CacheFolder } from "./cacheFolder.ts";
import type { Found } from "./normalise.ts";
import { hashOfOpen } from "./sourceFile.ts";

/** The tables of facts, which tell what the columns are and where each is read from. */
const facts = createHash("sha256")
  .update(JSON.stringify([fields, eventFields]))
  .digest("hex")
  .slice(0, 16);

/**
 * Changes with the tables of facts. The number must change whenever the reading of records, of flows or of events changes. Some
 * columns contain DuckDB's hashes.
 */
const format = `36, DuckDB 1.5, ${facts}`;

const source = v.object({
  name: v.string(),
  /** Stamp of the file as it was read; see `SourceFile`. */
  stamp: v.string(),
  isGrowing: v.boolean(),
  bytes: v.number(),
  /** SHA-256 of its bytes, in hexadecimal digits; null if it could not be read. */
  sha256: v.nullable(v.string()),
});

const unreadable = v.object({
  file: v.string(),
  line: v.nullable(v.number()),
  reason: v.string(),
  skipped: v.exactOptional(v.literal(true)),
});

const besides = v.object({
  file: v.string(),
  unread: v.object({ lost: v.number(), aside: v.number() }),
  // Not `v.record`, which drops names such as `constructor`.
  otherLogs: v.custom<Record<string, number>>(isObject),
});

const totals = v.object({ repeated: v.string(), first: v.nullable(v.number()), last: v.nullable(v.number()) });

const manifest = v.object({
  format: v.literal(format),
  sources: v.array(source),
  records: v.number(),
  unreadable: v.array(unreadable),
  besides: v.array(besides),
  totals: v.exactOptional(totals),
  /** SHA-256 of the Parquet file. */
  sha256: v.string(),
});

export type Source = v.InferOutput<typeof source>;

export interface Segment extends Found {
  readonly id: string;
  /** The Parquet file. */
  readonly path: string;
  readonly sources: readonly Source[];
}

/** Puts a Parquet file and then its manifest in place: without a manifest, a Parquet file is ignored. */
export async function writeSegment(
  folder: CacheFolder,
  temporary: string,
  sources: readonly Source[],
  found: Found,
): Promise<Segment> {
  const id = randomUUID();
  await chmod(temporary, ownerOnlyFile);
  folder.put(temporary, `${id}.parquet`);
  const path = join(folder.path, `${id}.parquet`);
  folder.writeJson(`${id}.json`, { format, sources, ...found, sha256: await parquetHash(folder, id) });
  return { id, path, sources, ...found };
}

/**
 * @returns `undefined` if it is not a segment, or is damaged (which is noted). Another process may still be writing its Parquet
 * file.
 */
export async function readSegment(folder: CacheFolder, id: string): Promise<Segment | undefined> {
  const found = folder.readJson(`${id}.json`, manifest);
  if (found === undefined) return undefined;
  if ((await parquetHash(folder, id)) !== found.sha256) {
    folder.noteDamage(`${id}.parquet`);
    return undefined;
  }
  return { id, path: join(folder.path, `${id}.parquet`), ...found };
}

export function removeSegment(folder: CacheFolder, id: string): void {
  folder.remove(`${id}.json`);
  folder.remove(`${id}.parquet`);
}

async function parquetHash(folder: CacheFolder, id: string): Promise<string | undefined> {
  const file = await folder.open(`${id}.parquet`);
  if (file === undefined) return undefined;
  try {
    return await hashOfOpen(file.fd);
  } finally {
    await file.close();
  }
}
