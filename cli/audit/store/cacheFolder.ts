import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import {
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { makePrivateFolder, NotPrivateError, ownerOnlyFile, ownerOnlyFolder } from "../privateFolder.ts";

/** Age from which a temporary file is left over from a killed run, in milliseconds: no read takes this long. */
const leftoverAge = 86_400_000;

/**
 * A folder whose files appear whole or not at all: each is written under another name first. A process killed at any byte
 * leaves the previous file in place, and a process that is reading keeps the file it opened.
 */
export interface CacheFolder {
  readonly path: string;
  /** Paths of damaged files: truncated, edited, swapped or replaced. */
  readonly damaged: ReadonlySet<string>;
  /** Reads a small file. @returns `undefined` if it is missing, damaged (which is noted), or does not match the schema. */
  readJson<Schema extends v.GenericSchema>(name: string, schema: Schema): Promise<v.InferOutput<Schema> | undefined>;
  /** Writes a small file with a hash of its name and content. */
  writeJson(name: string, value: unknown): Promise<void>;
  /**
   * Opens a file for reading. Returns `undefined` if it is missing, or is not a regular file of the owner (which is noted as
   * damage).
   */
  open(name: string): Promise<FileHandle | undefined>;
  /** Notes that a file is damaged. */
  noteDamage(name: string): void;
  /** Returns a path to which a file can be written before {@link CacheFolder.put} gives it its name. */
  temporary(): string;
  /** Moves a finished file to its name. */
  put(temporary: string, name: string): Promise<void>;
  /** Removes a temporary file, if it still exists. */
  discard(temporary: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** The form of a small file. `sha256` covers its place in the cache and `value`. */
const sealed = v.object({ sha256: v.string(), value: v.unknown() });

/** A part of the cache, with a folder of its own: copies of an archive's blobs, or the evidence store. */
export type CachePart = "archive" | "store";

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
  await mkdir(cacheDir, { recursive: true, mode: ownerOnlyFolder });
  await requireSafeParent(cacheDir);
  const root = join(cacheDir, part);
  const temporaries = join(root, "tmp");
  await makePrivateFolder(root);
  await makePrivateFolder(temporaries);
  await removeLeftovers(temporaries);

  const made = new Map<string, Promise<void>>([[root, Promise.resolve()]]);
  const makeFolder = (folder: string): Promise<void> => {
    const making = made.get(folder) ?? makeFolder(dirname(folder)).then(() => makePrivateFolder(folder));
    made.set(folder, making);
    return making;
  };
  const path = join(root, ...place);
  await makeFolder(path);

  const damaged = new Set<string>();
  const noteDamage = (name: string): void => {
    damaged.add(join(path, name));
  };
  const seal = (name: string, value: unknown): string =>
    createHash("sha256")
      .update(JSON.stringify([...place, name, value]))
      .digest("hex");
  const temporary = (): string => join(temporaries, randomUUID());
  const put = async (from: string, name: string): Promise<void> => {
    const to = join(path, name);
    await makeFolder(dirname(to));
    await rename(from, to);
  };
  const openFile = async (name: string): Promise<FileHandle | undefined> => {
    try {
      const file = await open(join(path, name), constants.O_RDONLY | noFollow);
      const found = await file.stat();
      if (found.isFile() && (process.getuid === undefined || found.uid === process.getuid())) return file;
      await file.close();
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (!isLink(error)) throw error;
    }
    noteDamage(name);
    return undefined;
  };
  return {
    path,
    damaged,
    noteDamage,
    temporary,
    put,
    open: openFile,
    async readJson(name, schema) {
      const file = await openFile(name);
      if (file === undefined) return undefined;
      const text = await readFile(file, "utf8").finally(() => file.close());
      const parsed = v.safeParse(sealed, parseJson(text));
      if (!parsed.success || parsed.output.sha256 !== seal(name, parsed.output.value)) {
        noteDamage(name);
        return undefined;
      }
      const value = v.safeParse(schema, parsed.output.value);
      return value.success ? value.output : undefined;
    },
    async writeJson(name, value) {
      const file = temporary();
      await writeFile(file, JSON.stringify({ sha256: seal(name, value), value }), { mode: ownerOnlyFile, flag: "wx" });
      await put(file, name);
    },
    async discard(file) {
      await unlink(file).catch(unlessMissing);
    },
    async remove(name) {
      await unlink(join(path, name)).catch(unlessMissing);
    },
  };
}

/** Windows has no such flag, and only administrators can create symbolic links there. */
const noFollow = process.platform === "win32" ? 0 : constants.O_NOFOLLOW;

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

async function removeLeftovers(folder: string): Promise<void> {
  const oldest = Date.now() - leftoverAge;
  for (const name of await readdir(folder)) {
    const found = await lstat(join(folder, name)).catch(unlessMissing);
    if (found !== undefined && found.mtimeMs < oldest) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return hasCode(error, ["ENOENT", "ENOTDIR"]);
}

/** Error codes for opening a link when links are not followed: on Linux and macOS, and on FreeBSD. */
function isLink(error: unknown): boolean {
  return hasCode(error, ["ELOOP", "EMLINK"]);
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

function unlessMissing(error: unknown): undefined {
  if (isMissing(error)) {
    return undefined;
  }
  throw error;
}
