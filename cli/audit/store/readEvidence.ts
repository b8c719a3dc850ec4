import { join } from "node:path";
import type { SourceRecord, Unreadable } from "../records/types.ts";
import type { Engine } from "./engine.ts";
import type { Evidence } from "./evidence.ts";
import { Normaliser } from "./normalise.ts";
import { lookAt } from "./sourceFile.ts";
import { Store, type SegmentWriter, type StorePlace } from "./store.ts";

export interface FileEvidenceOptions {
  /** Files of a log, in any order and any form that its reader takes. */
  readonly files: readonly string[];
  /** The present: until some time after its hour, a file of an archive may grow. */
  readonly now: Date;
  /** What is known already to be unreadable. Default: nothing. */
  readonly unreadable?: readonly Unreadable[];
  /** Where the records are kept, so that nothing is read twice. Default: they are gone with the engine. */
  readonly store?: StorePlace;
  /** Told how many of the files that were not stored yet are. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of files of the store that were not as they were written. What they are of was read again. */
  readonly onDamage?: (files: readonly string[]) => Promise<void>;
}

/**
 * The evidence in files. Only those are read that are not stored yet, or were written to since.
 * @param writer reads one log. Default: the audit log.
 * @throws NotPrivateError when the store is not the owner's alone.
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
  const cannot = [...unreadable, ...found.flatMap((one) => ("unreadable" in one ? [one.unreadable] : []))];
  const beside = { unreadable: cannot, unread: { lost: cannot.length, aside: 0 }, otherLogs: {} };
  return { segments, beside: [beside] };
}

/** The evidence in records that come one by one. What a query gives has no name by which it could be known again. */
export async function recordEvidence(engine: Engine, records: AsyncIterable<SourceRecord>): Promise<Evidence> {
  const path = join(engine.folder, "records.parquet");
  const found = await new Normaliser(engine).writeRecords(records, path);
  return { segments: [{ ...found, id: "", path, sources: [], only: undefined }], beside: [] };
}
