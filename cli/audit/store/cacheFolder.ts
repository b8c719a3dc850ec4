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

/** Leftovers of killed runs are older than any read that still goes on. */
const leftoverAge = 86_400_000;

/**
 * A folder of files that appear whole or not at all: each is written under another name first. So a process that is killed
 * at any byte leaves what was there before, and one that reads meanwhile keeps the file it opened.
 */
export interface CacheFolder {
  readonly path: string;
  /** Paths of files that were not as they were written: cut, edited, swapped, replaced. */
  readonly damaged: ReadonlySet<string>;
  /** Reads a small file. @returns `undefined` when it is missing, damaged (which is noted) or of another form. */
  readJson<Schema extends v.GenericSchema>(name: string, schema: Schema): Promise<v.InferOutput<Schema> | undefined>;
  /** Writes a small file with a hash of its name and content. */
  writeJson(name: string, value: unknown): Promise<void>;
  /** Opens a file for reading; `undefined` when it is missing, or no file of the owner's (which is noted). */
  open(name: string): Promise<FileHandle | undefined>;
  /** Notes that a file is not as it was written. */
  noteDamage(name: string): void;
  /** Path under which a file can be written before {@link CacheFolder.put} gives it its name. */
  temporary(): string;
  /** Moves a finished file to its name. */
  put(temporary: string, name: string): Promise<void>;
  /** Removes what became of a temporary file. */
  discard(temporary: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** A small file's form: `sha256` is of the file's place in the cache and of `value`. */
const sealed = v.object({ sha256: v.string(), value: v.unknown() });

/** What is kept: copies of an archive's blobs; the evidence store. Each has a folder of its own in the cache. */
export type CachePart = "archive" | "store";

/**
 * Opens a folder in the cache, for its owner only (0700; its files 0600), as are all folders on the way to it.
 * @param cacheDir folder of the cache; may be shared with other programs and is left as it is.
 * @param place where in the part, one name for each level.
 * @throws NotPrivateError when one of the folders is not the owner's alone.
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

/** Windows has no such flag, and no such links for those who are not administrators. */
const noFollow = process.platform === "win32" ? 0 : constants.O_NOFOLLOW;

/** Whoever can write to the folder that the cache is in can put another cache in its place. */
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

/** What opening a link says where links are not followed: Linux and macOS, FreeBSD. */
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
