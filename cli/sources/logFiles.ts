/** The files of a log: copies of an archive's blobs, or the files in a folder. */
import { accessSync, constants, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileProblem } from "../files/fileProblem.ts";
import type { ReadBlob } from "../audit/records/blobCoverage.ts";
import type { Unreadable } from "../audit/records/types.ts";
import { openCache, type CacheFlags } from "../files/cacheFolder.ts";
import { UserError } from "../errors.ts";
import { note, type Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import type { ArchiveFolder } from "../settings/settingValues.ts";

/** The files with the records of a time range. */
export interface FoundFiles {
  readonly files: readonly string[];
  /** The blobs that the files are copies of; null if they are not from an archive. */
  readonly blobs: readonly ReadBlob[] | null;
  /** Blob name of each file; empty if they are not from an archive. */
  readonly blobOf: ReadonlyMap<string, string>;
  /** Unreadable entries of a folder, or blobs that are gone. */
  readonly unreadable: readonly Unreadable[];
  /** Whether the files differ from those of the previous call. */
  readonly isNew: boolean;
  /** The time up to which received records are included; null if unknown. */
  readonly receivedUntil: Date | null;
  /** Name of the source, for messages. */
  readonly of: string;
}

export type FindFiles = (
  range: { readonly from?: Date | undefined; readonly to?: Date | undefined },
  progress: Progress,
) => Promise<FoundFiles>;

/** Names the blob instead of its copy, which exists on this computer only. */
export function namedByBlob(unreadable: readonly Unreadable[], { blobOf }: Pick<FoundFiles, "blobOf">): Unreadable[] {
  return unreadable.map((one) => ({ ...one, file: blobOf.get(one.file) ?? one.file }));
}

/** Files found in archives, by archive and time range. */
export type FilesFound = Map<string, Promise<FoundFiles>>;

export interface ArchiveFlags {
  /** How late a record may have been received, in milliseconds after the range. Default: the usual lateness. */
  readonly late?: number | undefined;
  /** Shared by the reads of one command, so that none of them includes what is written in the meantime. */
  readonly found?: FilesFound | undefined;
}

/** Returns a function that updates the copies of an archive. */
export function archiveFiles(
  archive: ArchiveFolder,
  cacheDir: string,
  { late, found }: ArchiveFlags,
  io: Io,
): FindFiles {
  const find = updatedFiles(archive, cacheDir, late, io);
  if (found === undefined) return find;
  return ({ from, to }, progress) => {
    const key = JSON.stringify([archive, from, to]);
    const files = found.get(key) ?? find({ from, to }, progress);
    found.set(key, files);
    return files;
  };
}

function updatedFiles(archive: ArchiveFolder, cacheDir: string, lateMs: number | undefined, io: Io): FindFiles {
  let isFirst = true;
  return async ({ from, to }, progress) => {
    const [{ syncArchive }, { archiveSignIn }] = await Promise.all([
      import("../audit/sources/archive/syncArchive.ts"),
      import("../azureAccess.ts"),
    ]);
    progress.update("Listing the archive");
    const { files, blobs, blobOf, gone, bytesFetched, damaged, receivedUntil, of } = await syncArchive({
      ...archive,
      ...(await archiveSignIn(archive.blobEndpoint, io)),
      cacheDir,
      ...(from && { from }),
      ...(to && { to }),
      ...(lateMs !== undefined && { lateMs }),
      onProgress: ({ blobsDone, blobsTotal }) => {
        progress.update(`Fetching the archive: ${blobsDone} of ${blobsTotal} blobs`);
      },
      now: io.now(),
      signal: io.signal,
    });
    await tellDamaged(damaged, io, progress);
    const isNew = isFirst || bytesFetched > 0 || gone.length > 0;
    isFirst = false;
    const reason = "This blob was deleted while the archive was being read.";
    const unreadable = gone.map((file) => ({ file, line: null, reason }));
    return { files, blobs, blobOf, unreadable, isNew, receivedUntil, of };
  };
}

/** Number of files that are listed individually. */
const named = 3;

/**
 * Warns about damaged files in the cache. Other users cannot write to it, so either the disk is broken, or a program or
 * a person with this user's rights changed them.
 */
export async function tellDamaged(damaged: readonly string[], io: Io, progress: Progress): Promise<void> {
  if (damaged.length === 0) return;
  progress.end();
  const files = damaged.slice(0, named).map((file) => `  ${visible(file)}`);
  const more = damaged.length > named ? [`  and ${damaged.length - named} more`] : [];
  const what = damaged.length === 1 ? "1 file in the cache was" : `${damaged.length} files in the cache were`;
  const said = `warning: ${what} damaged or edited. The source was read again instead:`;
  await note(io, [said, ...files, ...more].join("\n"));
}

/**
 * Returns a function that lists a folder, without the cache if that is in it.
 * @throws `UserError` if the folder or file does not exist or cannot be read.
 */
export function folderFiles(name: string, flags: CacheFlags, io: Io): FindFiles {
  const path = resolve(io.cwd, name);
  const isFolder = requireReadable(path);
  let last: string | undefined;
  return async (_, progress) => {
    const [{ listFolder }, { cacheParts }, { isEmptied, lookAt }] = await Promise.all([
      import("../audit/sources/folder.ts"),
      import("../audit/store/cacheFolder.ts"),
      import("../audit/store/sourceFile.ts"),
    ]);
    const leftOut = flags.noCache === true ? [] : cacheParts.map((part) => join(openCache(flags, io), part));
    progress.update("Reading the folder");
    const listing = isFolder
      ? await listFolder(path, leftOut).catch((cause: unknown) => {
          throw new Error(`${path} cannot be read: ${fileProblem(cause)}.`, { cause });
        })
      : { files: [path], unreadable: [] };
    const files = listing.files.map((file) => lookAt(file, io.now()));
    const present = JSON.stringify([listing, files]);
    const isNew = present !== last;
    last = present;
    const reason = "The file is empty: perhaps its download failed.";
    const emptied = files.flatMap((file) =>
      "unreadable" in file || !isEmptied(file) ? [] : [{ file: file.path, line: null, reason }],
    );
    const unreadable = [...listing.unreadable, ...emptied];
    return { ...listing, unreadable, blobs: null, blobOf: new Map(), isNew, receivedUntil: null, of: path };
  };
}

/**
 * @returns whether it is a folder.
 * @throws `UserError` if there is no such folder or file, or it cannot be read.
 */
export function requireReadable(path: string): boolean {
  const nextStep = "--source takes archive, workspace, or a folder or file of downloaded logs.";
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new UserError(`File or folder not found: ${path}.`, nextStep);
    if (!found.isDirectory() && !found.isFile()) {
      throw new UserError(`${path} is neither a file nor a folder.`, nextStep);
    }
    accessSync(path, found.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK);
    return found.isDirectory();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} cannot be read: ${fileProblem(error)}.`, nextStep, { cause: error });
  }
}
