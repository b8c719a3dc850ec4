import * as v from "valibot";
import type { BlobStore } from "./blobStore.ts";
import type { CacheFolder } from "../../store/cacheFolder.ts";
import { minuteMs } from "../../../time.ts";

/** A folder of hours: the log of one resource. */
export interface ResourceFolder {
  /** Prefix of its blobs' names, as the service spells it: `resourceId=/SUBSCRIPTIONS/.../BASTIONHOSTS/NAME/`. */
  readonly prefix: string;
  /** Whether the folders below are `Y=2026/M=05/` instead of `y=2026/m=05/`. */
  readonly isUpperCase: boolean;
}

const remembered = v.object({
  blobPrefix: v.string(),
  /** Milliseconds since the Unix epoch. */
  seenAt: v.number(),
  folders: v.array(v.object({ prefix: v.string(), isUpperCase: v.boolean() })),
});

/** How long remembered names are used, in milliseconds: a new host's folder is found up to this much later. */
const trustedFor = 15 * minuteMs;

/**
 * Returns the folders whose names begin with `blobPrefix`, in any case. Prefixes of the blob service are case-sensitive, and no
 * page promises the upper case of Azure Monitor's samples. So the tree is walked once, and the names are remembered.
 * @param blobPrefix whole segments: `resourceId=/SUBSCRIPTIONS/.../`; empty for every resource.
 */
export async function findResourceFolders(
  store: BlobStore,
  blobPrefix: string,
  cache: Pick<CacheFolder, "readJson" | "writeJson">,
): Promise<readonly ResourceFolder[]> {
  const wanted = segmentsOf(blobPrefix);
  const key = wanted.join("/");
  const known = cache.readJson("folders.json", remembered);
  const age = Date.now() - (known?.seenAt ?? 0);
  if (known?.blobPrefix === key && age >= 0 && age < trustedFor) {
    return known.folders;
  }
  const folders: ResourceFolder[] = [];
  for await (const folder of walk(store, "", wanted)) {
    folders.push(folder);
  }
  // The result for an empty archive is not remembered, because users wait for its first record.
  if (folders.length > 0) {
    cache.writeJson("folders.json", { blobPrefix: key, seenAt: Date.now(), folders });
  }
  return folders;
}

function segmentsOf(blobPrefix: string): string[] {
  return blobPrefix.split("/").flatMap((segment) => (segment === "" ? [] : [segment.toLowerCase()]));
}

async function* walk(
  store: BlobStore,
  prefix: string,
  [wanted, ...deeper]: readonly string[],
): AsyncGenerator<ResourceFolder> {
  const names = await store.folders(prefix);
  const years = wanted === undefined ? names.filter((name) => isYear(name, prefix)) : [];
  for (const letter of ["y", "Y"]) {
    if (years.some((name) => name.startsWith(letter, prefix.length))) {
      yield { prefix, isUpperCase: letter === "Y" };
    }
  }
  for (const name of names) {
    const segment = name.slice(prefix.length, -1).toLowerCase();
    if (!years.includes(name) && (wanted === undefined || segment === wanted)) {
      yield* walk(store, name, deeper);
    }
  }
}

function isYear(name: string, prefix: string): boolean {
  return /^y=\d{4}\/$/i.test(name.slice(prefix.length));
}
