import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import type { Stats } from "node:fs";
import { lstat, open, readdir, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { errorCode } from "../../files/fileErrors.ts";
import { makeFolders } from "../../files/makeFolders.ts";
import { jsonValue } from "../../jsonValue.ts";
import { makePrivateFolder, NotPrivateError, ownerOnlyFile, ownerOnlyFolder } from "../../files/privateFolder.ts";
import { dayMs } from "../../time.ts";

/** Age from which a temporary file is left over from a killed run, in milliseconds: no read takes this long. */
const leftoverAge = dayMs;

/**
 * A folder whose files appear whole or not at all: each is written under another name first. A process killed at any byte
 * leaves the previous file in place, and a process that is reading keeps the file it opened.
 *
 * Nothing is forced to disk: that costs milliseconds a file. After a power loss, a file can be empty, cut, zeroed or older than
 * the files beside it. So every file must have a hash, in itself or in a file beside it, that is checked before it is used.
 *
 * Files of up to a few megabytes are read and written synchronously. Thousands of them are, and an asynchronous call takes
 * several times as much of the processor's time: 50 microseconds to hand the work to a thread, for a call of 5 to 20.
 */
export interface CacheFolder {
  readonly path: string;
  /** Paths of damaged files: truncated, edited, swapped or replaced. */
  readonly damaged: ReadonlySet<string>;
  /** Reads a small file. @returns `undefined` if it is missing, damaged (which is noted), or does not match the schema. */
  readJson<Schema extends v.GenericSchema>(name: string, schema: Schema): v.InferOutput<Schema> | undefined;
  /** Writes a small file with a hash of its name and content. */
  writeJson(name: string, value: unknown): void;
  /** Returns whether there is anything of this name. */
  has(name: string): boolean;
  /**
   * Reads a file of up to a few megabytes. Returns `undefined` if it is missing, or is not a regular file of the owner (which is
   * noted as damage).
   */
  read(name: string): Buffer | undefined;
  /** Writes a file of up to a few megabytes. */
  write(name: string, content: string | Uint8Array): void;
  /** Opens a file of any size for reading. Returns `undefined` as {@link CacheFolder.read} does. */
  open(name: string): Promise<FileHandle | undefined>;
  /** Notes that a file is damaged. */
  noteDamage(name: string): void;
  /** Returns a path to which a file can be written before {@link CacheFolder.put} gives it its name. */
  temporary(): string;
  /** Moves a finished file to its name. */
  put(temporary: string, name: string): void;
  /** Removes a temporary file, if it still exists. */
  discard(temporary: string): void;
  remove(name: string): void;
}

/** The form of a small file. `sha256` covers its place in the cache and `value`. */
const sealed = v.object({ sha256: v.string(), value: v.unknown() });

/** The parts of the cache, each with a folder of its own: copies of an archive's blobs, and the evidence store. */
export const cacheParts = ["archive", "store"] as const;
export type CachePart = (typeof cacheParts)[number];

/**
 * Opens a folder in the cache. The folder and all folders of the part above it are for their owner only (0700, files 0600).
 * @param cacheDir folder of the cache; may be shared with other programs, and its mode is left unchanged.
 * @param place path inside the part, one name per level.
 * @throws NotPrivateError if another user can access one of the folders.
 */
export async function openCacheFolder(
  cacheDir: string,
  part: CachePart,
  place: readonly string[],
): Promise<CacheFolder> {
  makeFolders(cacheDir, ownerOnlyFolder);
  await requireSafeParent(cacheDir);
  const root = join(cacheDir, part);
  const temporaries = join(root, "tmp");
  makePrivateFolder(root);
  makePrivateFolder(temporaries);
  await removeLeftovers(temporaries);

  const made = new Set([root]);
  const makeFolder = (folder: string): void => {
    if (made.has(folder)) return;
    makeFolder(dirname(folder));
    makePrivateFolder(folder);
    made.add(folder);
  };
  const path = join(root, ...place);
  makeFolder(path);

  const damaged = new Set<string>();
  const noteDamage = (name: string): void => {
    damaged.add(join(path, name));
  };
  /** Handles an error of opening a file. */
  const noteUnopened = (name: string, error: unknown): void => {
    if (isMissing(error)) return;
    if (!isLink(error)) throw error;
    noteDamage(name);
  };
  const seal = (name: string, value: unknown): string =>
    createHash("sha256")
      .update(JSON.stringify([...place, name, value]))
      .digest("hex");
  const temporary = (): string => join(temporaries, randomUUID());
  const discard = (file: string): void => {
    try {
      unlinkSync(file);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  };
  const put = (from: string, name: string): void => {
    const to = join(path, name);
    makeFolder(dirname(to));
    renameSync(from, to);
  };
  const read = (name: string): Buffer | undefined => {
    let file: number;
    try {
      file = openSync(join(path, name), readOnly);
    } catch (error) {
      noteUnopened(name, error);
      return undefined;
    }
    try {
      if (isOwnFile(fstatSync(file))) return readFileSync(file);
    } finally {
      closeSync(file);
    }
    noteDamage(name);
    return undefined;
  };
  const write = (name: string, content: string | Uint8Array): void => {
    const file = temporary();
    try {
      writeFileSync(file, content, { mode: ownerOnlyFile, flag: "wx" });
      put(file, name);
    } catch (error) {
      discard(file);
      throw error;
    }
  };
  return {
    path,
    damaged,
    noteDamage,
    temporary,
    put,
    discard,
    has(name) {
      return lstatSync(join(path, name), { throwIfNoEntry: false }) !== undefined;
    },
    read,
    write,
    async open(name) {
      try {
        const file = await open(join(path, name), readOnly);
        if (isOwnFile(await file.stat())) return file;
        await file.close();
      } catch (error) {
        noteUnopened(name, error);
        return undefined;
      }
      noteDamage(name);
      return undefined;
    },
    readJson(name, schema) {
      const text = read(name);
      if (text === undefined) return undefined;
      const parsed = v.safeParse(sealed, jsonValue(text.toString("utf8")));
      if (!parsed.success || parsed.output.sha256 !== seal(name, parsed.output.value)) {
        noteDamage(name);
        return undefined;
      }
      const value = v.safeParse(schema, parsed.output.value);
      return value.success ? value.output : undefined;
    },
    writeJson(name, value) {
      write(name, JSON.stringify({ sha256: seal(name, value), value }));
    },
    remove(name) {
      discard(join(path, name));
    },
  };
}

/** Windows has no such flag, and only administrators can create symbolic links there. */
const noFollow = process.platform === "win32" ? 0 : constants.O_NOFOLLOW;
const readOnly = constants.O_RDONLY | noFollow;

function isOwnFile(found: Stats): boolean {
  return found.isFile() && (process.getuid === undefined || found.uid === process.getuid());
}

/** Checks the folder that contains the cache: anyone who can write to it can replace the cache. */
async function requireSafeParent(folder: string): Promise<void> {
  const { uid, mode } = await stat(folder);
  if (process.getuid === undefined) return;
  if (uid !== process.getuid() && uid !== 0) {
    throw new NotPrivateError(`The folder ${folder} belongs to another user.`);
  }
  const isSticky = (mode & 0o1000) !== 0;
  if ((mode & 0o002) !== 0 && !isSticky) {
    throw new NotPrivateError(`Other users can write to the folder ${folder}.`);
  }
}

/** Names of temporary files. DuckDB's parts of a file have its name and a number. */
const temporaryName = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.\d+)?$/;

/** Removes temporary files only: the folder that `--cache` names may contain another `tmp`. */
async function removeLeftovers(folder: string): Promise<void> {
  const oldest = Date.now() - leftoverAge;
  for (const name of (await readdir(folder)).filter((one) => temporaryName.test(one))) {
    const found = await lstat(join(folder, name)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    if (found !== undefined && found.mtimeMs < oldest) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "");
}

/** Error codes for opening a link when links are not followed: on Linux and macOS, and on FreeBSD. */
function isLink(error: unknown): boolean {
  return ["ELOOP", "EMLINK"].includes(errorCode(error) ?? "");
}
