/** Where `logs` reads: the archive, the workspace, or a folder. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { AuditRecord, LogResult, SessionFilter, Unreadable } from "../../audit/records/types.ts";
import { blobPrefix } from "../../links/archivePath.ts";
import { openCache, type CacheFlags } from "../cacheFolder.ts";
import { UserError } from "../errors.ts";
import type { Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { openSettings, type ArchiveFolder, type SettingsFlags } from "../settings.ts";

export interface LogSource {
  /** Milliseconds before now that are read where nobody says; `undefined` for everything there is. */
  readonly defaultSince: number | undefined;
  /** The sessions. @returns `undefined` where nothing is new since this object's last read. */
  readonly read: (filter: SessionFilter, progress: Progress) => Promise<LogResult | undefined>;
  /** At least the audit records that the filter means, as they come, and what is none. */
  readonly records: (filter: SessionFilter, progress: Progress) => AsyncIterable<AuditRecord | Unreadable>;
}

export interface SourceFlags extends SettingsFlags, CacheFlags {
  readonly source?: string | undefined;
}

const day = 86_400_000;
/** Memory for folding, whatever the size of the logs. The rest of the process takes about as much again. */
const memoryLimitMb = 512;
/** Reads of blobs in flight. */
const concurrency = 12;

/** @throws `UserError` when the settings lack what the source needs, or there is no such folder. */
export async function openSource(flags: SourceFlags, io: Io): Promise<LogSource> {
  const { source = "archive" } = flags;
  switch (source) {
    case "archive":
      return archiveSource(await archiveOf(flags, io), openCache(flags, io), io);
    case "workspace":
      return workspaceSource(await openSettings(flags, io).need("workspaceCustomerId"), io);
    default:
      return folderSource(resolve(io.cwd, source), io);
  }
}

/** The Bastion audit logs, of the host that --bastion names if there is one. */
async function archiveOf(flags: SettingsFlags, io: Io): Promise<ArchiveFolder> {
  const archive = await openSettings(flags, io).need("archive");
  return flags.bastion === undefined ? archive : { ...archive, blobPrefix: blobPrefix(flags.bastion) };
}

/** Files that hold the records a filter means, and whether the same call gave other ones before. */
type FindFiles = (filter: SessionFilter, progress: Progress) => Promise<{ files: readonly string[]; isNew: boolean }>;

function archiveSource(archive: ArchiveFolder, cacheDir: string, io: Io): LogSource {
  let isFirst = true;
  return fileSource(day, io, async ({ from, to }, progress) => {
    const [{ syncArchive }, { openAzure }] = await Promise.all([
      import("../../audit/sources/archive/syncArchive.ts"),
      import("../azureAccess.ts"),
    ]);
    progress.update("Listing the archive");
    // A shared access signature in the endpoint stands for a sign-in.
    const access = archive.blobEndpoint.includes("?") ? {} : { credential: (await openAzure(io)).credential };
    const { files, bytesFetched } = await syncArchive({
      ...archive,
      ...access,
      cacheDir,
      concurrency,
      ...(from && { from }),
      ...(to && { to }),
      onProgress: ({ blobsDone, blobsTotal }) => {
        progress.update(`Fetching the archive: ${blobsDone} of ${blobsTotal} blobs`);
      },
      now: io.now(),
      signal: io.signal,
    });
    const isNew = isFirst || bytesFetched > 0;
    isFirst = false;
    return { files, isNew };
  });
}

function folderSource(path: string, io: Io): LogSource {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new UserError(
      `There is no folder ${path}.`,
      "Give --source a folder of downloaded log blobs, or the words archive or workspace.",
    );
  }
  let last: string | undefined;
  return fileSource(undefined, io, async (_, progress) => {
    const { listFolder } = await import("../../audit/sources/folder.ts");
    progress.update("Reading the folder");
    const files = found.isDirectory() ? await listFolder(path) : [path];
    const present = JSON.stringify(files.map((file) => [file, statSync(file).size, statSync(file).mtimeMs]));
    const isNew = present !== last;
    last = present;
    return { files, isNew };
  });
}

function fileSource(defaultSince: number | undefined, io: Io, find: FindFiles): LogSource {
  return {
    defaultSince,
    read: async (filter, progress) => {
      const [{ files, isNew }, { foldFolder }] = await Promise.all([
        find(filter, progress),
        import("../../audit/sessions/foldFolder.ts"),
      ]);
      progress.update("Folding the records");
      return isNew ? foldFolder({ files, filter, memoryLimitMb, now: io.now() }) : undefined;
    },
    records: async function* (filter, progress) {
      const [{ files }, { readRecords }, { mayGrow }] = await Promise.all([
        find(filter, progress),
        import("../../audit/records/readRecords.ts"),
        import("../../audit/records/blobHour.ts"),
      ]);
      progress.end();
      for (const file of files) {
        yield* readRecords(file, mayGrow(file, io.now()));
      }
    },
  };
}

function workspaceSource(customerId: string, io: Io): LogSource {
  const query = async function* (filter: SessionFilter, progress: Progress): AsyncGenerator<AuditRecord> {
    const [{ queryWorkspace }, { openAzure }] = await Promise.all([
      import("../../audit/sources/workspace/queryWorkspace.ts"),
      import("../azureAccess.ts"),
    ]);
    progress.update("Asking the workspace");
    const { cloud, credential } = await openAzure(io);
    const { logAnalytics: endpoint } = cloud;
    yield* queryWorkspace({ endpoint, customerId, credential, filter, now: io.now(), signal: io.signal });
  };
  return {
    defaultSince: day,
    read: async (filter, progress) => {
      const { foldRecords } = await import("../../audit/sessions/foldRecords.ts");
      return foldRecords(query(filter, progress), { filter, memoryLimitMb, now: io.now() });
    },
    records: async function* (filter, progress) {
      for await (const record of query(filter, progress)) {
        progress.end();
        yield record;
      }
    },
  };
}
