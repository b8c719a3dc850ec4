import { randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { ArchiveError } from "./errors.ts";

/** What records say about people is nobody's but the owner's. */
const ownerOnlyFolder = 0o700;
export const ownerOnlyFile = 0o600;

/** Leftovers of killed runs are older than any read that still goes on. */
const leftoverAge = 86_400_000;

/**
 * A folder of files that appear whole or not at all: each is written under another name first. So a process that is killed
 * at any byte leaves what was there before, and one that reads meanwhile keeps the file it opened.
 */
export interface CacheFolder {
  readonly path: string;
  /** Reads a small file. @returns `undefined` when it is missing, cut, damaged or of another form. */
  readJson<Schema extends v.GenericSchema>(name: string, schema: Schema): Promise<v.InferOutput<Schema> | undefined>;
  writeJson(name: string, value: unknown): Promise<void>;
  /** Path under which a file can be written before {@link CacheFolder.put} gives it its name. */
  temporary(): string;
  /** Moves a finished file to its name. */
  put(temporary: string, name: string): Promise<void>;
  /** Removes what became of a temporary file. */
  discard(temporary: string): Promise<void>;
  /** Bytes of a file; 0 when it is missing. */
  sizeOf(name: string): Promise<number>;
  remove(name: string): Promise<void>;
}

/**
 * Opens a folder in the cache, for its owner only (0700; its files 0600).
 * @param cacheDir folder of the cache; may be shared with other programs and is left as it is.
 * @param place where in it, one name for each level.
 * @throws ArchiveError when the folder belongs to somebody else.
 */
export async function openCacheFolder(cacheDir: string, place: readonly string[]): Promise<CacheFolder> {
  const root = join(cacheDir, "archive");
  await mkdir(root, { recursive: true, mode: ownerOnlyFolder });
  await makePrivate(root);
  const temporaries = join(root, "tmp");
  await mkdir(temporaries, { recursive: true, mode: ownerOnlyFolder });
  await removeLeftovers(temporaries);
  const path = join(root, ...place);
  await mkdir(path, { recursive: true, mode: ownerOnlyFolder });

  const made = new Set<string>();
  const makeFolder = async (folder: string): Promise<void> => {
    if (!made.has(folder)) {
      await mkdir(folder, { recursive: true, mode: ownerOnlyFolder });
      made.add(folder);
    }
  };
  const temporary = (): string => join(temporaries, randomUUID());
  const put = async (from: string, name: string): Promise<void> => {
    const to = join(path, name);
    await makeFolder(dirname(to));
    await rename(from, to);
  };
  return {
    path,
    temporary,
    put,
    async readJson(name, schema) {
      const text = await readFile(join(path, name), "utf8").catch(unlessMissing);
      const parsed = text === undefined ? undefined : v.safeParse(schema, parseJson(text));
      return parsed?.success === true ? parsed.output : undefined;
    },
    async writeJson(name, value) {
      const file = temporary();
      await writeFile(file, JSON.stringify(value), { mode: ownerOnlyFile });
      await put(file, name);
    },
    async discard(file) {
      await unlink(file).catch(unlessMissing);
    },
    async sizeOf(name) {
      return (await stat(join(path, name)).catch(unlessMissing))?.size ?? 0;
    },
    async remove(name) {
      await unlink(join(path, name)).catch(unlessMissing);
    },
  };
}

/** A folder that somebody else made, or a link to one, could hand the records to them. */
async function makePrivate(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new ArchiveError(`The cache folder ${folder} belongs to somebody else, or is a link.`, {
      code: "CacheNotPrivate",
      nextStep: "Give a folder of your own: --cache DIR.",
    });
  }
  if ((found.mode & 0o077) !== 0 && process.platform !== "win32") {
    await chmod(folder, ownerOnlyFolder);
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const oldest = Date.now() - leftoverAge;
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(unlessMissing);
    if (found !== undefined && found.mtimeMs < oldest) {
      await rm(join(folder, name), { force: true });
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

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
    return undefined;
  }
  throw error;
}
