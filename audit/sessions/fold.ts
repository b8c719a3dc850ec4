import { statSync } from "node:fs";
import { blobHour, mayGrow } from "../records/blobHour.ts";
import { readRecords } from "../records/readRecords.ts";
import type { AuditRecord, Coverage, LogResult, SessionFilter, Unreadable } from "../records/types.ts";
import { addressMatcher } from "./addressMatcher.ts";
import { openEngine, type Engine } from "./engine.ts";
import { filesInStates, filesSpeltOtherwise, fileState } from "./facts.sql.ts";
import * as sql from "./fold.sql.ts";
import { RecordLoader } from "./loader.ts";
import { sessionsOf } from "./sessionsOf.ts";

export interface FoldOptions {
  /** Which sessions to return. Default: all. */
  readonly filter?: SessionFilter;
  /** The present, which tells an open session from one of unknown state. */
  readonly now: Date;
  /** Memory for tables and sorts in MB, whatever the size of the logs; the process takes some more. Default 512. */
  readonly memoryLimitMb?: number;
}

/** Bytes of files that are read in one go: what is read again if one of them needs the tolerant reader. */
const batchBytes = 1024 ** 3;

/** Folds records into sessions: those of files, and those handed over one by one. */
export class Fold {
  readonly #engine: Engine;
  readonly #filter: SessionFilter;
  readonly #now: Date;
  readonly #loader: RecordLoader;
  /** Files that DuckDB reads; a file's number is its place here. */
  readonly #scanned: string[] = [];
  readonly #unreadable: Unreadable[] = [];
  #batches = 0;

  private constructor(engine: Engine, { filter = {}, now }: FoldOptions) {
    this.#engine = engine;
    this.#filter = filter;
    this.#now = now;
    this.#loader = new RecordLoader(engine);
  }

  /**
   * Lets `read` fill a new fold and returns its sessions. Whatever fails, nothing is left open.
   * @throws RangeError when the filter's `ip` is no address.
   */
  static async run(options: FoldOptions, read: (fold: Fold) => Promise<void>): Promise<LogResult> {
    const { ip } = options.filter ?? {};
    const isWanted = ip === undefined ? () => true : addressMatcher(ip);
    const engine = await openEngine(options.memoryLimitMb ?? 512);
    try {
      for (const statement of sql.createTables) {
        await engine.run(statement);
      }
      const fold = new Fold(engine, options);
      await read(fold);
      return await fold.#result(isWanted);
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  async addRecord(record: AuditRecord): Promise<void> {
    await this.#loader.add(record);
  }

  async addFiles(files: readonly string[]): Promise<void> {
    let batch: string[] = [];
    let bytes = 0;
    for (const file of files) {
      const { size } = statSync(file);
      if (bytes + size > batchBytes) {
        await this.#addBatch(batch);
        batch = [];
        bytes = 0;
      }
      if (size > 0) {
        batch.push(file);
        bytes += size;
      }
    }
    await this.#addBatch(batch);
  }

  async #addBatch(files: readonly string[]): Promise<void> {
    if (files.length === 0) {
      return;
    }
    const batch = { files, number: this.#batches, firstFile: this.#scanned.length };
    this.#batches += 1;
    if (!(await this.#scan(batch))) {
      await this.#split(files);
      return;
    }
    const irregular = await this.#irregular(batch);
    if (irregular.size === 0) {
      this.#scanned.push(...files);
      return;
    }
    await this.#engine.run(sql.dropBatch(batch));
    await this.#addBatch(files.filter((file) => !irregular.has(file)));
    for (const file of irregular) {
      await this.#addTolerantly(file);
    }
  }

  /** @returns false where a text ends DuckDB's scan instead of making a row of nulls. */
  async #scan(batch: sql.Batch): Promise<boolean> {
    try {
      await this.#engine.run(sql.foldFiles({ ...batch, files: this.#beside(batch.files) }, this.#filter));
      return true;
    } catch (error) {
      if (error instanceof Error && /^(?:Invalid Input|Conversion) Error/.test(error.message)) {
        return false;
      }
      throw error;
    }
  }

  /** Finds the file that ended the scan, by halves. */
  async #split(files: readonly string[]): Promise<void> {
    const [file, ...others] = files;
    if (file !== undefined && others.length === 0) {
      await this.#addTolerantly(file);
      return;
    }
    const middle = Math.ceil(files.length / 2);
    await this.#addBatch(files.slice(0, middle));
    await this.#addBatch(files.slice(middle));
  }

  /** The files of a batch that only the tolerant reader reads right. */
  async #irregular(batch: sql.Batch): Promise<Set<string>> {
    const { files } = batch;
    const [[worst = null, ends = 0] = []] = await this.#engine.rows(sql.batchState(batch));
    const states = worst === null ? [] : await this.#engine.rows(filesInStates(this.#beside(files)));
    const having = (wanted: number): string[] =>
      states.filter(([, state]) => state === wanted).map(([place]) => files[Number(place)] ?? "");
    const irregular = new Set(having(fileState.irregular));
    // Not one end in all of these files: then they may be spelt otherwise.
    const doubtful = (Number(ends) === 0 ? files : having(fileState.doubtful)).filter((file) => !irregular.has(file));
    const otherwise = doubtful.length === 0 ? [] : await this.#engine.rows(filesSpeltOtherwise(this.#beside(doubtful)));
    otherwise.forEach(([file]) => irregular.add(String(file)));
    return irregular;
  }

  async #addTolerantly(file: string): Promise<void> {
    for await (const found of readRecords(file, mayGrow(file, this.#now))) {
      if ("reason" in found) {
        this.#unreadable.push(found);
      } else {
        await this.#loader.add(found);
      }
    }
  }

  async #result(isWanted: (clientIp: string | null) => boolean): Promise<LogResult> {
    const engine = this.#engine;
    await this.#loader.finish();
    if (this.#loader.count > 0) {
      await engine.run(sql.foldLoaded(this.#batches, this.#filter));
      this.#batches += 1;
    }
    await engine.run(sql.createSessions(this.#batches > 1));
    const coverage = await this.#foldMixed();
    const bounds = { filter: this.#filter, now: this.#now };
    const numbers = (await engine.rows(sql.shownFiles(bounds))).map(([number]) => Number(number));
    const files = numbers.map((number) => this.#fileOf(number));
    return {
      sessions: sessionsOf(engine, sql.showSessions(this.#beside(files), numbers, bounds), isWanted),
      unreadable: this.#unreadable.sort(byPlace),
      coverage,
    };
  }

  /** Completes the sessions whose records say different things, after which all records are counted. */
  async #foldMixed(): Promise<Coverage> {
    const [[records = 0, last = null, plain = 0, mixed = 0] = []] = await this.#engine.rows(sql.countPlain);
    if (Number(mixed) > 0) {
      await this.#addMixed();
    }
    const [[different = 0] = []] = await this.#engine.rows(sql.countMixed);
    const { from, to } = this.#filter;
    return {
      from: from?.toISOString() ?? null,
      to: to?.toISOString() ?? null,
      lastRecord: last === null ? null : new Date(Number(last)).toISOString(),
      hoursRead: null,
      recordsRead: Number(records),
      duplicates: Number(records) - Number(plain) - Number(different),
      receivedUntil: null,
    };
  }

  async #addMixed(): Promise<void> {
    const engine = this.#engine;
    const ranges = await engine.rows(sql.mixedFiles);
    const files = this.#scanned.filter((_, number) =>
      ranges.some(([first, last]) => number >= Number(first) && number <= Number(last)),
    );
    await engine.run(sql.createMixedRecords(this.#beside(files)));
    const [[records = 0] = []] = await engine.rows("SELECT count(*) FROM mixed");
    const parts = Math.ceil(Number(records) / sql.mixedAtOnce);
    for (let part = 0; part < parts; part++) {
      await engine.run(sql.foldMixed(part, parts));
    }
    await engine.run("DROP TABLE mixed");
  }

  /**
   * The files to scan, with an empty one. DuckDB 1.5 passes over a byte order mark where it reads several files, but not where it
   * reads one only: without another, the same file could be read in one pass and not in the next.
   */
  #beside(files: readonly string[]): string[] {
    return files.length === 0 ? [] : [...files, this.#engine.emptyFile];
  }

  #fileOf(number: number): string {
    const file = this.#scanned[number];
    if (file === undefined) {
      throw new RangeError(`No file has the number ${number}.`);
    }
    return file;
  }
}

function byPlace(one: Unreadable, other: Unreadable): number {
  return one.file === other.file ? one.line - other.line : one.file < other.file ? -1 : 1;
}

/** Hours that files of an archive stand for; a file whose path names no hour counts as one. */
export function hoursOf(files: readonly string[]): number {
  return new Set(files.map((file) => blobHour(file) ?? file)).size;
}
