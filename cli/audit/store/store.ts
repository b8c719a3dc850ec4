/** The evidence store: evidence from all sources as typed columns. All queries are SQL over its files. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { openCacheFolder, type CacheFolder } from "./cacheFolder.ts";
import type { Found, LogFile } from "./normalise.ts";
import { readSegment, removeSegment, writeSegment, type Segment } from "./segment.ts";
import { hashesOf, type SourceFile } from "./sourceFile.ts";
import { noteUse } from "./lifetime.ts";
import { hourMs } from "../../time.ts";

/** Where evidence is kept. */
export interface StorePlace {
  /** Folder of the cache. */
  readonly cacheDir: string;
  /** What the evidence is of, in readable form: a folder, or an archive's container. */
  readonly of: string;
}

/** Reads the records of one log from some files into one Parquet file. */
export interface SegmentWriter {
  /** Name of the log: a folder may hold several. */
  readonly log: string;
  /**
   * Writes some files. May be called again before it has returned.
   * @param target is overwritten.
   */
  write(files: readonly LogFile[], target: string): Promise<Found>;
}

/** A segment and which of its files are used. What it has besides records is of these files only. */
export interface UsedSegment extends Segment {
  /** Numbers of the files whose records are used; `undefined` for all. */
  readonly only: readonly number[] | undefined;
}

/** Maximum bytes of files in one segment, which are read again if it is damaged. */
const segmentBytes = 64 * 1024 * 1024;

/**
 * Segments with fewer bytes are small: they are of hours that still grow. If there are more than `mostSmall` of them, they are
 * read again into one.
 */
const smallBytes = 4 * 1024 * 1024;
const mostSmall = 24;

/** A newer segment may belong to another process, which has listed other files. */
const youngest = hourMs;

/** Stores the evidence of one source. */
export class Store {
  readonly #folder: CacheFolder;
  readonly #writer: SegmentWriter;

  private constructor(folder: CacheFolder, writer: SegmentWriter) {
    this.#folder = folder;
    this.#writer = writer;
  }

  /** @throws NotPrivateError if another user can access one of its folders. */
  static async open({ cacheDir, of }: StorePlace, writer: SegmentWriter): Promise<Store> {
    const place = createHash("sha256").update(`${writer.log} ${of}`).digest("hex").slice(0, 16);
    const folder = await openCacheFolder(cacheDir, "store", [place]);
    noteUse(folder, of);
    return new Store(folder, writer);
  }

  /** Damaged files of the store. */
  get damaged(): readonly string[] {
    return [...this.#folder.damaged];
  }

  /**
   * Returns the segments with the records of some files. Only reads files that are new or have changed.
   * @param onProgress called with the number of files stored so far and the total to read.
   */
  async segments(
    files: readonly SourceFile[],
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<UsedSegment[]> {
    const wanted = new Map(files.map((file) => [file.name, file]));
    const used: UsedSegment[] = [];
    const known = await this.#known();
    const small = known.filter((one) => bytesOf(one) < smallBytes);
    for (const segment of small.length > mostSmall ? known.filter((one) => !small.includes(one)) : known) {
      const current = segment.sources.flatMap(({ name, stamp, isGrowing }, number) => {
        const file = wanted.get(name);
        return file?.stamp === stamp && file.isGrowing === isGrowing ? [{ name, number }] : [];
      });
      if (current.length === 0 || segment.sources.some(({ name }) => !wanted.has(name) && !existsSync(name))) continue;
      used.push(current.length === segment.sources.length ? { ...segment, only: undefined } : partOf(segment, current));
      current.forEach(({ name }) => wanted.delete(name));
    }
    let done = 0;
    await this.#readAll([...wanted.values()], (segment) => {
      used.push({ ...segment, only: undefined });
      done += segment.sources.length;
      onProgress(done, wanted.size);
    });
    const names = new Set(files.map(({ name }) => name));
    await this.#removeOld(
      known.filter(({ id }) => used.every((one) => one.id !== id)),
      names,
    );
    return inOrderOf(names, used);
  }

  /** Reads the segments in the order of their ids, so that two processes choose the same one if several have the same files. */
  async #known(): Promise<Segment[]> {
    const names = await readdir(this.#folder.path);
    const ids = names.flatMap((name) => /^([0-9a-f-]{36})\.json$/.exec(name)?.[1] ?? []).sort();
    const segments: Segment[] = [];
    for (const id of ids) {
      const segment = await readSegment(this.#folder, id);
      if (segment === undefined) {
        await this.#removeIfOld(id);
      } else {
        segments.push(segment);
      }
    }
    return segments;
  }

  /** Reads two batches at a time: DuckDB writes the end of a Parquet file with one thread, while it reads the next files. */
  async #readAll(files: readonly SourceFile[], onSegment: (segment: Segment) => void): Promise<void> {
    const remaining = batches(files);
    const readRemaining = async (): Promise<void> => {
      for (const batch of remaining) onSegment(await this.#read(batch));
    };
    // If one fails, no batch is left for the other, which finishes the one that it reads.
    const ends = await Promise.allSettled([readRemaining(), readRemaining()]);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  async #read(files: readonly SourceFile[]): Promise<Segment> {
    const temporary = this.#folder.temporary();
    // DuckDB reads the files while they are hashed.
    const [found, hashes] = await Promise.all([
      this.#writer.write(files, temporary),
      hashesOf(files.map(({ path }) => path)),
    ]);
    const sources = files.map(({ name, stamp, isGrowing, bytes }, at) => ({
      name,
      stamp,
      isGrowing,
      bytes,
      sha256: hashes[at] ?? null,
    }));
    return await writeSegment(this.#folder, temporary, sources, found);
  }

  /** Removes segments whose files have all changed or no longer exist. */
  async #removeOld(unused: readonly Segment[], asked: ReadonlySet<string>): Promise<void> {
    for (const { id, sources } of unused) {
      if (sources.every(({ name }) => asked.has(name) || !existsSync(name))) {
        await this.#removeIfOld(id);
      }
    }
  }

  async #removeIfOld(id: string): Promise<void> {
    const { mtimeMs } = await stat(join(this.#folder.path, `${id}.json`));
    if (Date.now() - mtimeMs > youngest) removeSegment(this.#folder, id);
  }
}

function partOf(segment: Segment, files: readonly { readonly name: string; readonly number: number }[]): UsedSegment {
  const names = new Set(files.map(({ name }) => name));
  return {
    ...segment,
    unreadable: segment.unreadable.filter(({ file }) => names.has(file)),
    besides: segment.besides.filter(({ file }) => names.has(file)),
    only: files.map(({ number }) => number),
  };
}

/** Sorts segments by their first file, so that a second read has the same order as the first. */
function inOrderOf(names: Iterable<string>, segments: readonly UsedSegment[]): UsedSegment[] {
  const places = new Map([...names].map((name, place) => [name, place]));
  const placeOf = ({ sources, only }: UsedSegment): number =>
    places.get(sources[only?.[0] ?? 0]?.name ?? "") ?? places.size;
  return [...segments].sort((one, other) => placeOf(one) - placeOf(other));
}

function bytesOf({ sources }: Segment): number {
  return sources.reduce((sum, { bytes }) => sum + bytes, 0);
}

function* batches(files: readonly SourceFile[]): Generator<SourceFile[]> {
  let batch: SourceFile[] = [];
  let bytes = 0;
  for (const file of files) {
    if (batch.length > 0 && bytes + file.bytes > segmentBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += file.bytes;
  }
  if (batch.length > 0) yield batch;
}
