/** The source files of a pack. */
import { defaultSource, type SourceFlags } from "../../sources/sourceFlags.ts";
import { basename, relative, resolve, sep } from "node:path";
import { hashesOf, lookAt } from "../../audit/store/sourceFile.ts";
import type { TrailLog } from "../../audit/trail/types.ts";
import { UserError } from "../../errors.ts";
import type { Hashed } from "../../evidence/manifest.ts";
import { byName } from "../../evidence/newPack.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import { openCache, type CacheFlags } from "../../files/cacheFolder.ts";
import { openSettings } from "../../settings/settings.ts";
import type { TimeRange } from "../../timeRange.ts";
import { around } from "../../sources/activitySource.ts";
import { archiveFiles, folderFiles } from "../../sources/logFiles.ts";
import { withEarlierRules, withEarlierSessions } from "../../sources/trailRanges.ts";

const archivedLogs = {
  archive: "audit",
  activityLogArchive: "activity",
  flowLogArchive: "flows",
} as const satisfies Readonly<Record<string, TrailLog>>;

/** The settings of the archives, one for each log. */
export const archives = Object.keys(archivedLogs) as (keyof typeof archivedLogs)[];

/** Name of a file relative to its source folder, with `/` as separator, as in the manifest. */
export function nameInFolder(folder: string, file: string): string {
  return folder === file ? basename(file) : relative(folder, file).split(sep).join("/");
}

/** The sources of a pack. */
export interface PackSources {
  readonly hashed: readonly Hashed[];
  /** Returns the manifest's name for a file, blob or table that was read. */
  readonly nameOf: (log: TrailLog, file: string) => string;
  /**
   * @throws `UserError` naming the files that were written to since. The pack must not name other bytes than those
   *   read.
   */
  readonly requireUnchanged: () => Promise<void>;
}

/** Lists the sources. A workspace has rows instead of files, so only the pack has its records. */
export async function readSources(
  flags: SourceFlags,
  range: TimeRange,
  io: Io,
  progress: Progress,
): Promise<PackSources> {
  const { source = defaultSource } = flags;
  switch (source) {
    case "archive":
      return archiveSources(flags, range, io, progress);
    case "workspace":
      return { hashed: [], nameOf: (_, table) => table, requireUnchanged: () => Promise.resolve() };
    default:
      return folderSources(source, flags, io, progress);
  }
}

/**
 * The blobs that the trail of a range is read from, each named by its container and blob name. They are fetched only
 * once, so later writes are not read.
 */
async function archiveSources(flags: SourceFlags, range: TimeRange, io: Io, progress: Progress): Promise<PackSources> {
  const settings = openSettings(flags, io);
  const cacheDir = openCache(flags, io);
  const containers = new Map<TrailLog, string>();
  const hashed: Hashed[] = [];
  const copies = new Map<string, string>();
  const ranges = {
    archive: withEarlierSessions(range),
    activityLogArchive: around(withEarlierRules(range)),
    flowLogArchive: withEarlierSessions(range),
  };
  const nameOf = (log: TrailLog, blob: string): string => `${containers.get(log) ?? ""}/${blob}`;
  for (const archive of archives) {
    const folder = await settings.find(archive);
    if (folder === undefined) continue;
    const log = archivedLogs[archive];
    containers.set(log, folder.container);
    const { blobs, blobOf } = await archiveFiles(folder, cacheDir, flags, io)(ranges[archive], progress);
    for (const { name, ...blob } of blobs ?? []) hashed.push({ name: nameOf(log, name), ...blob });
    for (const [copy, name] of blobOf) copies.set(copy, nameOf(log, name));
  }
  const before = stampsOf(copies, io);
  const stamps = (): Promise<Stamps> => Promise.resolve(stampsOf(copies, io));
  return { hashed: hashed.sort(byName), nameOf, requireUnchanged: () => requireSame(before, stamps) };
}

/** All readable files of a folder. Unreadable ones are in the coverage. */
async function folderSources(source: string, flags: CacheFlags, io: Io, progress: Progress): Promise<PackSources> {
  const folder = resolve(io.cwd, source);
  const nameOf = (file: string): string => nameInFolder(folder, file);
  const find = folderFiles(source, flags, io);
  const named = async (): Promise<Map<string, string>> => {
    const { files } = await find({}, progress);
    return new Map(files.map((file) => [file, nameOf(file)]));
  };
  const files = await named();
  const before = stampsOf(files, io);
  progress.update("Hashing the source");
  const hashes = await hashesOf([...files.keys()]);
  const hashed = [...files].flatMap(([file, name], index): Hashed[] => {
    const [found, sha256] = [lookAt(file, io.now()), hashes[index] ?? null];
    return sha256 === null || "unreadable" in found ? [] : [{ name, bytes: found.bytes, sha256 }];
  });
  const stamps = async (): Promise<Stamps> => stampsOf(await named(), io);
  return {
    hashed: hashed.sort(byName),
    nameOf: (_, file) => nameOf(file),
    requireUnchanged: () => requireSame(before, stamps),
  };
}

/** A stamp for each file that changes with every write, by the file's name in the manifest. */
type Stamps = ReadonlyMap<string, string>;

function stampsOf(files: ReadonlyMap<string, string>, io: Io): Stamps {
  return new Map(
    [...files].flatMap(([file, name]) => {
      const found = lookAt(file, io.now());
      return "unreadable" in found ? [] : [[name, found.stamp] as const];
    }),
  );
}

async function requireSame(before: Stamps, stamps: () => Promise<Stamps>): Promise<void> {
  const after = await stamps();
  const names = new Set([...before.keys(), ...after.keys()]);
  const changed = [...names].filter((name) => before.get(name) !== after.get(name)).sort();
  if (changed.length === 0) return;
  throw new UserError(
    `The source changed while it was read: ${changed.join(", ")}.`,
    "Run it again when nothing writes to it.",
  );
}
