import { readdir, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CacheFolder } from "../../store/cacheFolder.ts";
import { hourOfName, includes, type HourRange } from "./hours.ts";
import { hourMs } from "../../../time.ts";

/** A newer copy may be of a blob that another run found after this one had listed its hour. */
const youngest = hourMs;

/**
 * Removes the copies of blobs that the archive no longer has, so that its retention applies to the cache too.
 * @param folder of the resource's copies in the cache.
 * @param range the hours that were listed.
 * @param isThere returns whether the blob of a copy was listed.
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
        cache.remove(file);
      }
    }
  }
}

async function* copiesIn(
  cache: CacheFolder,
  folder: string,
  range: HourRange,
): AsyncGenerator<{ copyName: string; file: string }> {
  const below = async (path: string): Promise<string[]> =>
    (await readdir(join(cache.path, path)).catch(() => [])).map((name) => `${path}/${name}`);
  for (const year of await below(folder)) {
    for (const month of await below(year)) {
      for (const day of await below(month)) {
        for (const entry of await below(day)) {
          const at = hourOfName(entry.slice(folder.length + 1).replace(/(?<=\/h=\d\d).*$/, "/"));
          if (at === undefined || !includes(range, at)) continue;
          const isFolder = /h=\d\d$/.test(entry);
          for (const file of isFolder ? await below(entry) : [entry]) {
            yield { copyName: file.replace(/(?:\.manifest)?\.json$/, ""), file };
          }
          // Earlier versions had a folder for each hour. No blob's copy is in it anymore.
          if (isFolder) await rmdir(join(cache.path, entry)).catch(() => undefined);
        }
      }
    }
  }
}
