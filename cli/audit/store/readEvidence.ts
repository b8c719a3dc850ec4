import { join } from "node:path";
import type { SourceRecord, Unreadable } from "../records/types.ts";
import { BesidesCollector } from "./besides.ts";
import type { Engine } from "./engine.ts";
import type { Evidence } from "./evidence.ts";
import { Normaliser } from "./normalise.ts";
import { lookAt } from "./sourceFile.ts";
import { Store, type SegmentWriter, type StorePlace } from "./store.ts";

export interface FileEvidenceOptions {
  /** Files of a log, in any order and any form that its reader accepts. */
  readonly files: readonly string[];
  /** The current time: for some time after its hour, a file of an archive may still grow. */
  readonly now: Date;
  /** Entries already known to be unreadable. Default: none. */
  readonly unreadable?: readonly Unreadable[];
  /** Where the records are kept, so that nothing is read twice. Default: with the engine, and removed with it. */
  readonly store?: StorePlace;
  /** Called with the number of files stored so far and the total of files not stored before. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called with damaged files of the store. Their sources were read again. */
  readonly onDamage?: (files: readonly string[]) => Promise<void>;
}

/**
 * Returns the evidence in files. Only files that are not stored yet, or have changed since, are read.
 * @param writer reads one log. Default: the audit log.
 * @throws NotPrivateError if another user can access the store.
 */
export async function fileEvidence(
  engine: Engine,
  options: FileEvidenceOptions,
  writer: SegmentWriter = new Normaliser(engine),
): Promise<Evidence> {
  const { files, now, unreadable = [], onProgress, onDamage } = options;
  const place = options.store ?? { cacheDir: join(engine.folder, "cache"), of: "" };
  const found = [...new Set(files)].map((file) => lookAt(file, now));
  const sources = found.flatMap((one) => ("unreadable" in one ? [] : [one]));
  const store = await Store.open(place, writer);
  const segments = await store.segments(sources, onProgress);
  if (store.damaged.length > 0) await onDamage?.(store.damaged);
  const beside = new BesidesCollector();
  for (const one of [...unreadable, ...found.flatMap((file) => ("unreadable" in file ? [file.unreadable] : []))]) {
    beside.add({ unreadable: one }, one.file);
  }
  return { segments, beside: [beside.found] };
}

/**
 * Returns the evidence in records that are given one by one. A query's result has no name under which it could be found again,
 * so it is not kept.
 */
export async function recordEvidence(engine: Engine, records: AsyncIterable<SourceRecord>): Promise<Evidence> {
  const path = join(engine.folder, "records.parquet");
  const found = await new Normaliser(engine).writeRecords(records, path);
  return { segments: [{ ...found, id: "", path, sources: [], only: undefined }], beside: [] };
}
