import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CacheFolder } from "./cacheFolder.ts";
import { hourOfDate, includes, type HourRange } from "./hours.ts";

/** A younger copy can be of a blob that another run found after this one had listed its hour. */
const youngest = 3_600_000;

/**
 * Removes the copies of blobs that the archive no longer has: its retention holds for the cache too.
 * @param folder of the resource's copies in the cache.
 * @param range the hours that were listed.
 * @param isThere tells of a copy's name whether its blob was listed.
 */
export async function removeVanished(
  cache: CacheFolder,
  folder: string,
  range: HourRange,
  isThere: (copyName: string) => boolean,
): Promise<void> {
  for await (const { copyName, file } of copiesIn(cache, folder, range)) {
    if (!isThere(copyName)) {
      const { mtimeMs } = await stat(join(cache.path, file));
      if (Date.now() - mtimeMs > youngest) {
        await cache.remove(file);
      }
    }
  }
}

async function* copiesIn(
  cache: CacheFolder,
  folder: string,
  range: HourRange,
): AsyncGenerator<{ copyName: string; file: string }> {
  const below = (path: string): Promise<string[]> => readdir(join(cache.path, path)).catch(() => []);
  for (const year of await below(folder)) {
    for (const month of await below(`${folder}/${year}`)) {
      for (const day of await below(`${folder}/${year}/${month}`)) {
        for (const name of await below(`${folder}/${year}/${month}/${day}`)) {
          const [, copy, hour] = /^((\d\d)(?:-[0-9a-f]{8})?)(?:\.manifest)?\.json$/.exec(name) ?? [];
          const at = hour === undefined ? undefined : hourOfDate(year, month, day, hour);
          if (copy !== undefined && at !== undefined && includes(range, at)) {
            const path = `${folder}/${year}/${month}/${day}`;
            yield { copyName: `${path}/${copy}`, file: `${path}/${name}` };
          }
        }
      }
    }
  }
}
