import { rename, rm } from "node:fs/promises";
import { readPieces } from "../pieces/readPieces.ts";
import { sourceRecords } from "../records/readRecords.ts";
import type { SourceRecord } from "../records/types.ts";
import { unreadablePiece } from "../records/unreadableList.ts";
import { compressionOf, firstBytesOf, magicBytes } from "../pieces/compression.ts";
import { isWholeZstdFrame } from "../pieces/zstdFrame.ts";
import { BesidesCollector, type FoundBesides } from "./besides.ts";
import { withEmptyFile } from "./emptyFile.ts";
import { unlessUnreadable, type Engine, type SqlValue } from "./engine.ts";
import { Layouts } from "./layouts.ts";
import { irregularFiles, recordsInFiles, type LineFiles } from "./lines.sql.ts";
import { RecordLoader } from "./loader.ts";
import { mayBeRegular } from "./mayBeRegular.ts";
import { repeatsIn, stored } from "./recordColumns.ts";
import { fileList, textLiteral } from "./sqlText.ts";

/** A file to read. */
export interface LogFile {
  readonly path: string;
  /** The file name that records carry: for a copy, the name of the blob. */
  readonly name: string;
  /** Whether it is still being written to: an unfinished last record is then no lost one. */
  readonly isGrowing: boolean;
}

/** What was found out about a log's records when they were stored. */
export interface Totals {
  /** The sessions of records that repeat an earlier one of the same Parquet file, separated by spaces. */
  readonly repeated: string;
  /** Time of the earliest record in milliseconds since the Unix epoch; null without records. */
  readonly first: number | null;
  /** Time of the latest record. */
  readonly last: number | null;
}

/** What was found in files. */
export interface Found extends FoundBesides {
  /** Number of records, including duplicates. */
  readonly records: number;
  /** Of the audit log only. */
  readonly totals?: Totals;
}

/** Reads log files of any form into Parquet files with one row per record. */
export class Normaliser {
  readonly log = "audit";
  readonly #engine: Engine;
  readonly #layouts = new Layouts();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async write(files: readonly LogFile[], target: string): Promise<Found> {
    return await this.#engine.beside((engine) => new Batch(engine, this.#layouts, target).write(files));
  }

  /** Writes records that are given one by one, like {@link Normaliser.write}. */
  async writeRecords(records: AsyncIterable<SourceRecord>, target: string): Promise<Found> {
    return await this.#engine.beside(async (engine) => {
      const batch = new Batch(engine, this.#layouts, target);
      // A query's result has no file.
      for await (const found of records) await batch.take(found, { number: 0, name: "" });
      return await batch.finish();
    });
  }
}

/** A file with its number in the Parquet file. */
interface NumberedFile extends LogFile {
  readonly number: number;
  readonly compression: LineFiles["compression"];
}

/** One Parquet file. */
class Batch {
  readonly #engine: Engine;
  readonly #layouts: Layouts;
  readonly #target: string;
  readonly #loader: RecordLoader;
  readonly #besides = new BesidesCollector();
  readonly #parts: string[] = [];

  constructor(engine: Engine, layouts: Layouts, target: string) {
    this.#engine = engine;
    this.#layouts = layouts;
    this.#target = target;
    this.#loader = new RecordLoader(engine);
  }

  async write(files: readonly LogFile[]): Promise<Found> {
    const numbered = files.map((file, number) => ({ ...file, number }));
    const kept = Object.groupBy(numbered, ({ path }) => compressionForDuckDb(path));
    for (const compression of ["uncompressed", "zstd"] as const) {
      await this.#add((kept[compression] ?? []).map((file) => ({ ...file, compression })));
    }
    await this.#addTolerantly(kept.none ?? []);
    return await this.finish();
  }

  /** @param file the one that has it. */
  async take(found: SourceRecord, { number, name }: Pick<NumberedFile, "number" | "name">): Promise<void> {
    if ("record" in found) {
      await this.#loader.add(found.record, number);
    } else {
      this.#besides.add(found, name);
    }
  }

  async finish(): Promise<Found> {
    await this.#loader.finish();
    if (this.#loader.count > 0 || this.#parts.length === 0) await this.#copy("FROM loaded");
    await this.#join();
    const records = parquet([this.#target]);
    const [[count = 0, first = null, last = null] = []] = await this.#engine.rows(
      `SELECT count(*), min("time"), max("time") FROM ${records}`,
    );
    const [[repeated = ""] = []] = await this.#engine.rows(
      `SELECT coalesce(string_agg(session, ' '), '') FROM (SELECT session, unnest(range(repeats)) FROM (${repeatsIn(records)}))`,
    );
    return {
      records: Number(count),
      ...this.#besides.found,
      totals: { repeated: String(repeated), first: millisecondsOf(first), last: millisecondsOf(last) },
    };
  }

  /**
   * Lets DuckDB read the files that it reads correctly, and the tolerant reader the others.
   * @param files all with the same compression.
   */
  async #add(files: readonly NumberedFile[]): Promise<void> {
    if (files.length === 0) return;
    await this.#layouts.learn(this.#engine, lineFiles(files));
    if (this.#layouts.all.length === 0) {
      await this.#addTolerantly(files);
      return;
    }
    if (await this.#scan(files)) return;
    const irregular = await this.#irregular(files);
    if (irregular.length === 0) {
      await this.#split(files);
      return;
    }
    await this.#add(files.filter((file) => !irregular.includes(file)));
    if (await this.#layouts.learn(this.#engine, lineFiles(irregular))) {
      await this.#add(irregular);
    } else {
      await this.#addTolerantly(irregular);
    }
  }

  /** @returns false, with nothing added, if a file has a line that DuckDB must not read. */
  async #scan(files: readonly NumberedFile[]): Promise<boolean> {
    const numbers = files.map(({ number }) => number);
    const records = recordsInFiles(this.#scanned(files), numbers, this.#layouts.all);
    const isRead = await unlessUnreadable(async () => {
      await this.#copy(records);
      return true;
    });
    return isRead ?? false;
  }

  async #copy(records: string): Promise<void> {
    const part = `${this.#target}.${this.#parts.length}`;
    try {
      await this.#engine.run(`COPY (${stored(records)}) TO ${textLiteral(part)} ${form}`);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    this.#parts.push(part);
  }

  async #join(): Promise<void> {
    const [only = "", ...others] = this.#parts;
    if (others.length === 0) {
      await rename(only, this.#target);
      return;
    }
    await this.#engine.run(`COPY (FROM ${parquet(this.#parts)}) TO ${textLiteral(this.#target)} ${form}`);
    for (const part of this.#parts) await rm(part);
  }

  /** Returns the files with a line that DuckDB must not read; none if DuckDB cannot find them. */
  async #irregular(files: readonly NumberedFile[]): Promise<NumberedFile[]> {
    const places = await unlessUnreadable(() =>
      this.#engine.rows(irregularFiles(this.#scanned(files), this.#layouts.all)),
    );
    return (places ?? []).flatMap(([place]) => files[Number(place)] ?? []);
  }

  /** Finds the file that ended the scan: among files that do not begin with a record, else by bisection. */
  async #split(files: readonly NumberedFile[]): Promise<void> {
    const likely = files.filter(({ path }) => mayBeRegular(path));
    const others = files.filter((file) => !likely.includes(file));
    if (others.length > 0 || files.length === 1) {
      await this.#addTolerantly(others.length > 0 ? others : files);
      await this.#add(others.length > 0 ? likely : []);
      return;
    }
    const middle = Math.ceil(files.length / 2);
    await this.#add(files.slice(0, middle));
    await this.#add(files.slice(middle));
  }

  async #addTolerantly(files: readonly Omit<NumberedFile, "compression">[]): Promise<void> {
    for (const { path, name, isGrowing, number } of files) {
      for await (const piece of readPieces(path, isGrowing)) {
        const found =
          "reason" in piece
            ? [unreadablePiece(name, piece)]
            : sourceRecords(piece.value, { file: name, line: piece.line });
        for (const one of found) await this.take(one, { number, name });
      }
    }
  }

  #scanned(files: readonly NumberedFile[]): LineFiles {
    return withEmptyFile(lineFiles(files), this.#engine.folder);
  }
}

/** Returns how DuckDB can read a file; `none` if only the tolerant reader can. */
function compressionForDuckDb(path: string): LineFiles["compression"] | "none" {
  const compression = compressionOf(firstBytesOf(path, magicBytes));
  const isReadable = compression === "uncompressed" || (compression === "zstd" && isWholeZstdFrame(path));
  return isReadable ? compression : "none";
}

function lineFiles(files: readonly NumberedFile[]): LineFiles {
  return { paths: files.map(({ path }) => path), compression: files[0]?.compression ?? "uncompressed" };
}

const millisecondsOf = (time: SqlValue): number | null => (time === null ? null : Number(time));

/**
 * Version 2 of Parquet stores times and texts that all differ in fewer bytes, which are written and read faster; LZ4 is read
 * faster than Snappy. No query could use a Bloom filter, because texts are compared without case. People, VMs and messages are
 * few; of times and ids, a dictionary would be begun in vain.
 */
const form =
  "(FORMAT parquet, PARQUET_VERSION V2, COMPRESSION lz4_raw, WRITE_BLOOM_FILTER false, DICTIONARY_SIZE_LIMIT 2000)";

/** Returns a scan of Parquet files. Folder names are not columns. */
export function parquet(files: readonly string[]): string {
  return `read_parquet(${fileList(files)}, hive_partitioning = false)`;
}
