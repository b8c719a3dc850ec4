import { statSync } from "node:fs";
import { cannotRead } from "../pieces/fileProblem.ts";
import { blobHour, mayGrow } from "../records/blobHour.ts";
import { readRecords } from "../records/readRecords.ts";
import type { Coverage, LogResult, SessionFilter, SourceRecord } from "../records/types.ts";
import { Tally } from "../records/tally.ts";
import { UnreadableList } from "../records/unreadableList.ts";
import { addressMatcher } from "./addressMatcher.ts";
import { openEngine, unlessUnreadable, type Engine } from "./engine.ts";
import { irregularFiles } from "./facts.sql.ts";
import * as sql from "./fold.sql.ts";
import { Layouts } from "./layouts.ts";
import { RecordLoader } from "./loader.ts";
import { mayBeRegular } from "./mayBeRegular.ts";
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
const batchBytes = 2 * 1024 ** 3;

/** Folds records into sessions: those of files, and those handed over one by one. */
export class Fold {
  readonly #engine: Engine;
  readonly #filter: SessionFilter;
  readonly #now: Date;
  readonly #loader: RecordLoader;
  readonly #layouts: Layouts;
  /** Files that DuckDB reads; a file's number is its place here. */
  readonly #scanned: string[] = [];
  readonly #unreadable = new UnreadableList();
  readonly #otherLogs = new Tally();
  #batches = 0;

  private constructor(engine: Engine, { filter = {}, now }: FoldOptions) {
    this.#engine = engine;
    this.#filter = filter;
    this.#now = now;
    this.#loader = new RecordLoader(engine);
    this.#layouts = new Layouts(engine);
  }

  /**
   * Lets `read` fill a new fold and returns its sessions. Whatever fails, nothing is left open.
   * @throws RangeError when the filter's `ip` is not an address.
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

  async add(found: SourceRecord): Promise<void> {
    if ("record" in found) {
      await this.#loader.add(found.record);
    } else if ("otherLog" in found) {
      this.#otherLogs.add(found.otherLog);
    } else {
      this.#unreadable.add(found);
    }
  }

  async addFiles(files: readonly string[]): Promise<void> {
    let batch: string[] = [];
    let bytes = 0;
    for (const file of files) {
      const size = await this.#sizeOf(file);
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

  async #sizeOf(file: string): Promise<number> {
    try {
      return statSync(file).size;
    } catch (error) {
      await this.add({ unreadable: { file, line: null, reason: cannotRead(error) } });
      return 0;
    }
  }

  /** Lets DuckDB read the files that it reads right, and the tolerant reader the others. */
  async #addBatch(files: readonly string[]): Promise<void> {
    if (files.length === 0) {
      return;
    }
    await this.#layouts.learn(files);
    if (this.#layouts.all.length === 0) {
      await this.#addTolerantly(files);
      return;
    }
    if (await this.#scan(files)) {
      this.#scanned.push(...files);
      return;
    }
    const irregular = await this.#irregular(files);
    if (irregular.length === 0) {
      await this.#split(files);
      return;
    }
    const others = new Set(irregular);
    await this.#addBatch(files.filter((file) => !others.has(file)));
    if (await this.#layouts.learn(irregular)) {
      await this.#addBatch(irregular);
    } else {
      await this.#addTolerantly(irregular);
    }
  }

  /** @returns false, with nothing added, where a file has a line that is not for DuckDB. */
  async #scan(files: readonly string[]): Promise<boolean> {
    const layouts = this.#layouts.all;
    const batch = { files: this.#beside(files), layouts, firstFile: this.#scanned.length };
    const isRead = await unlessUnreadable(async () => {
      await this.#engine.run(sql.foldFiles(batch, this.#filter));
      this.#batches += 1;
      return true;
    });
    return isRead ?? false;
  }

  /** The files with a line that is not for DuckDB; none where it cannot tell them. */
  async #irregular(files: readonly string[]): Promise<string[]> {
    const places = await unlessUnreadable(() =>
      this.#engine.rows(irregularFiles(this.#beside(files), this.#layouts.all)),
    );
    return (places ?? []).flatMap(([place]) => files[Number(place)] ?? []);
  }

  /** Finds the file that ended the scan: among those that do not begin like records, or else by halves. */
  async #split(files: readonly string[]): Promise<void> {
    const likely = files.filter(mayBeRegular);
    const others = files.filter((file) => !likely.includes(file));
    if (others.length > 0 || files.length === 1) {
      await this.#addTolerantly(others.length > 0 ? others : files);
      await this.#addBatch(others.length > 0 ? likely : []);
      return;
    }
    const middle = Math.ceil(files.length / 2);
    await this.#addBatch(files.slice(0, middle));
    await this.#addBatch(files.slice(middle));
  }

  async #addTolerantly(files: readonly string[]): Promise<void> {
    for (const file of files) {
      for await (const found of readRecords(file, mayGrow(file, this.#now))) {
        await this.add(found);
      }
    }
  }

  async #result(isWanted: (clientIp: string | null) => boolean): Promise<LogResult> {
    const engine = this.#engine;
    await this.#loader.finish();
    if (this.#loader.count > 0) {
      await engine.run(sql.foldLoaded(this.#filter));
      this.#batches += 1;
    }
    await engine.run(sql.createSessions(this.#batches > 1));
    const coverage = await this.#foldMixed();
    const bounds = { filter: this.#filter, now: this.#now };
    const numbers = (await engine.rows(sql.shownFiles(bounds))).map(([number]) => Number(number));
    const files = numbers.map((number) => this.#fileOf(number));
    return {
      sessions: sessionsOf(engine, sql.showSessions(this.#beside(files), this.#layouts.all, numbers, bounds), isWanted),
      unreadable: this.#unreadable.places,
      unread: this.#unreadable.unread,
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
      otherLogs: this.#otherLogs.counts,
    };
  }

  async #addMixed(): Promise<void> {
    const engine = this.#engine;
    const ranges = await engine.rows(sql.mixedFiles);
    const files = this.#scanned.filter((_, number) =>
      ranges.some(([first, last]) => number >= Number(first) && number <= Number(last)),
    );
    await engine.run(sql.createMixedRecords(this.#beside(files), this.#layouts.all));
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

/** Hours that files of an archive stand for; a file whose path names no hour counts as one. */
export function hoursOf(files: readonly string[]): number {
  return new Set(files.map((file) => blobHour(file) ?? file)).size;
}
