/** The files that a pack rests on. */
import { basename, relative, resolve, sep } from "node:path";
import { stat } from "node:fs/promises";
import { hashesOf } from "../../audit/store/sourceFile.ts";
import type { TrailLog } from "../../audit/trail/types.ts";
import { UserError } from "../../errors.ts";
import type { Hashed } from "../../evidence/manifest.ts";
import { byName } from "../../evidence/newPack.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import { openCache } from "../../cacheFolder.ts";
import { openSettings } from "../../settings.ts";
import type { TimeRange } from "../../timeRange.ts";
import { around } from "../activity/sources.ts";
import { archiveFiles, folderFiles } from "../logs/files.ts";
import type { SourceFlags } from "../logs/sources.ts";
import { withEarlierRules, withEarlierSessions } from "../trail/timeRanges.ts";

/** The settings that say where each log is archived. */
export const archives = ["archive", "activityLogArchive", "flowLogArchive"] as const;

const archivedLogs = {
  archive: "audit",
  activityLogArchive: "activity",
  flowLogArchive: "flows",
} as const satisfies Readonly<Record<(typeof archives)[number], TrailLog>>;

/** Name of a file within its source folder, with `/` between folders, as a manifest has it. */
export function nameInFolder(folder: string, file: string): string {
  return folder === file ? basename(file) : relative(folder, file).split(sep).join("/");
}

/** What a pack rests on. */
export interface PackSources {
  readonly hashed: readonly Hashed[];
  /** Name of a file, blob or table that was read, as the manifest has it. */
  readonly nameOf: (log: TrailLog, file: string) => string;
}

/** A workspace has rows and no files: they are in the pack alone. */
export async function readSources(
  flags: SourceFlags,
  range: TimeRange,
  io: Io,
  progress: Progress,
): Promise<PackSources> {
  const { source = "archive" } = flags;
  switch (source) {
    case "archive":
      return archiveSources(flags, range, io, progress);
    case "workspace":
      return { hashed: [], nameOf: (_, table) => table };
    default:
      return folderSources(source, io, progress);
  }
}

/** The blobs that the trail of a range is read from; each is named by its container and its own name. */
async function archiveSources(flags: SourceFlags, range: TimeRange, io: Io, progress: Progress): Promise<PackSources> {
  const settings = openSettings(flags, io);
  const cacheDir = openCache(flags, io);
  const containers = new Map<TrailLog, string>();
  const hashed: Hashed[] = [];
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
    const { blobs } = await archiveFiles(folder, cacheDir, flags.late, io)(ranges[archive], progress);
    for (const { name, ...blob } of blobs ?? []) hashed.push({ name: nameOf(log, name), ...blob });
  }
  return { hashed: hashed.sort(byName), nameOf };
}

/** All files of a folder that can be read. What cannot is in the coverage. */
async function folderSources(source: string, io: Io, progress: Progress): Promise<PackSources> {
  const folder = resolve(io.cwd, source);
  const { files } = await folderFiles(source, io)({}, progress);
  progress.update("Hashing the source");
  const hashes = await hashesOf(files);
  const hashed = await Promise.all(
    files.map(async (file, index): Promise<Hashed[]> => {
      const sha256 = hashes[index] ?? null;
      return sha256 === null ? [] : [{ name: nameInFolder(folder, file), bytes: (await stat(file)).size, sha256 }];
    }),
  );
  return { hashed: hashed.flat().sort(byName), nameOf: (_, file) => nameInFolder(folder, file) };
}

/**
 * A pack must not name other bytes than those that were read.
 * @throws `UserError` that names what was written to in the meantime.
 */
export function requireUnchanged(before: readonly Hashed[], after: readonly Hashed[]): void {
  const known = new Map(before.map(({ name, sha256 }) => [name, sha256]));
  const changed = after.filter(({ name, sha256 }) => known.get(name) !== sha256).map(({ name }) => name);
  const left = new Set(after.map(({ name }) => name));
  const names = [...changed, ...before.filter(({ name }) => !left.has(name)).map(({ name }) => name)];
  if (names.length === 0) return;
  throw new UserError(
    `The source changed while it was read: ${names.join(", ")}.`,
    "Run it again, or give a --to that lies further back.",
  );
}
