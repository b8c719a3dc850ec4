/**
 * Lists the kept evidence and removes what is no longer used. Evidence contains personal data, so it must not be kept without
 * need.
 */
import { createHash } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { cacheParts, openCacheFolder, type CacheFolder, type CachePart } from "./cacheFolder.ts";
import { errorCode } from "../../files/fileErrors.ts";
import { dayMs } from "../../time.ts";

/** Written at every use, so its age is the time since the last use. */
const usedFile = "used.json";

const used = v.object({ of: v.string() });

/** Folder levels between a part of the cache and the folders with the evidence of one source. */
const depths: Readonly<Record<CachePart, number>> = { archive: 2, store: 1 };

/** Notes that the contents of a folder are in use. @param of the source, in readable form. */
export function noteUse(folder: CacheFolder, of: string): void {
  folder.writeJson(usedFile, { of });
}

/** The evidence kept of one source. */
export interface KeptEvidence {
  /** The same for the same source. */
  readonly id: string;
  /** A folder, a file, or an archive's container. */
  readonly of: string;
  /** ISO 8601 UTC. */
  readonly lastUsed: string;
  /** Size on disk. */
  readonly bytes: number;
  readonly files: number;
  readonly folders: readonly string[];
}

/** Lists all evidence in a cache, most recently used first. @throws an error of the file system if a part cannot be read. */
export async function listEvidence(cacheDir: string): Promise<KeptEvidence[]> {
  const all = new Map<string, KeptEvidence>();
  for (const part of cacheParts) {
    for (const place of await placesIn(join(cacheDir, part), depths[part])) {
      const found = await look(cacheDir, part, place);
      const known = found && all.get(found.id);
      if (found !== undefined) all.set(found.id, known === undefined ? found : joined(known, found));
    }
  }
  return [...all.values()].sort((one, other) => (one.lastUsed > other.lastUsed ? -1 : 1));
}

export async function removeEvidence({ folders }: KeptEvidence): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

/** Removes evidence that was not used for this many days. */
export async function removeUnused(cacheDir: string, days: number): Promise<void> {
  for (const part of cacheParts) {
    // What cannot be read is left to `cache ls` and `cache rm`, which report it.
    for (const place of await placesIn(join(cacheDir, part), depths[part]).catch(() => [])) {
      const folder = join(cacheDir, part, ...place);
      const last = await lstat(join(folder, usedFile)).catch(() => undefined);
      if (last !== undefined && Date.now() - last.mtimeMs > days * dayMs) {
        await rm(folder, { recursive: true, force: true });
      }
    }
  }
}

async function placesIn(folder: string, depth: number): Promise<string[][]> {
  if (depth === 0) return [[]];
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isDirectory() && entry.name !== "tmp").map(({ name }) => name);
  const below = await Promise.all(names.map((name) => placesIn(join(folder, name), depth - 1)));
  return names.flatMap((name, at) => (below[at] ?? []).map((place) => [name, ...place]));
}

async function look(cacheDir: string, part: CachePart, place: string[]): Promise<KeptEvidence | undefined> {
  const folder = await openCacheFolder(cacheDir, part, place);
  const known = folder.readJson(usedFile, used);
  if (known === undefined) return undefined;
  const { mtimeMs } = await lstat(join(folder.path, usedFile));
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  let bytes = 0;
  for (const { parentPath, name } of files) bytes += (await lstat(join(parentPath, name))).size;
  return {
    id: createHash("sha256").update(known.of).digest("hex").slice(0, 16),
    of: known.of,
    lastUsed: new Date(mtimeMs).toISOString(),
    bytes,
    files: files.length,
    folders: [folder.path],
  };
}

function joined(one: KeptEvidence, other: KeptEvidence): KeptEvidence {
  return {
    ...one,
    lastUsed: one.lastUsed > other.lastUsed ? one.lastUsed : other.lastUsed,
    bytes: one.bytes + other.bytes,
    files: one.files + other.files,
    folders: [...one.folders, ...other.folders],
  };
}
