/** Where `logs` reads: the archive, the workspace, or a folder. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { LogResult, SessionFilter } from "../../audit/records/types.ts";
import { blobPrefix } from "../../links/archivePath.ts";
import { UserError } from "../errors.ts";
import type { Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { openSettings, type ArchiveFolder, type SettingsFlags } from "../settings.ts";

export interface LogSource {
  /** Milliseconds before now that are read where nobody says; `undefined` for everything there is. */
  readonly defaultSince: number | undefined;
  /** @returns `undefined` where nothing is new since this object's last read. */
  readonly read: (filter: SessionFilter, progress: Progress) => Promise<LogResult | undefined>;
}

export interface SourceFlags extends SettingsFlags {
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
      return archiveSource(await archiveOf(flags, io), io);
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

function archiveSource(archive: ArchiveFolder, io: Io): LogSource {
  let isFirst = true;
  return {
    defaultSince: day,
    read: async (filter, progress) => {
      const [{ syncArchive }, { foldFolder }, { openAzure }, { cacheFolder }] = await Promise.all([
        import("../../audit/sources/archive/syncArchive.ts"),
        import("../../audit/sessions/foldFolder.ts"),
        import("../azureAccess.ts"),
        import("../cacheFolder.ts"),
      ]);
      progress.update("Listing the archive");
      // A shared access signature in the endpoint stands for a sign-in.
      const access = archive.blobEndpoint.includes("?") ? {} : { credential: (await openAzure(io)).credential };
      const { files, bytesFetched } = await syncArchive({
        ...archive,
        ...access,
        cacheDir: cacheFolder(io.env),
        concurrency,
        ...(filter.from && { from: filter.from }),
        ...(filter.to && { to: filter.to }),
        onProgress: ({ blobsDone, blobsTotal }) => {
          progress.update(`Fetching the archive: ${blobsDone} of ${blobsTotal} blobs`);
        },
        now: io.now(),
        signal: io.signal,
      });
      if (!isFirst && bytesFetched === 0) {
        return undefined;
      }
      isFirst = false;
      progress.update("Folding the records");
      return foldFolder({ files, filter, memoryLimitMb, now: io.now() });
    },
  };
}

function workspaceSource(customerId: string, io: Io): LogSource {
  return {
    defaultSince: day,
    read: async (filter, progress) => {
      const [{ queryWorkspace }, { foldRecords }, { openAzure }] = await Promise.all([
        import("../../audit/sources/workspace/queryWorkspace.ts"),
        import("../../audit/sessions/foldRecords.ts"),
        import("../azureAccess.ts"),
      ]);
      progress.update("Asking the workspace");
      const { cloud, credential } = await openAzure(io);
      const now = io.now();
      const { logAnalytics: endpoint } = cloud;
      const records = queryWorkspace({ endpoint, customerId, credential, filter, now, signal: io.signal });
      return foldRecords(records, { filter, memoryLimitMb, now });
    },
  };
}

function folderSource(folder: string, io: Io): LogSource {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError(
      `There is no folder ${folder}.`,
      "Give --source a folder of downloaded log blobs, or the words archive or workspace.",
    );
  }
  let last = "";
  return {
    defaultSince: undefined,
    read: async (filter, progress) => {
      const [{ listFolder }, { foldFolder }] = await Promise.all([
        import("../../audit/sources/folder.ts"),
        import("../../audit/sessions/foldFolder.ts"),
      ]);
      progress.update("Reading the folder");
      const files = await listFolder(folder);
      const present = files.map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`).join("\n");
      if (present === last) {
        return undefined;
      }
      last = present;
      return foldFolder({ files, filter, memoryLimitMb, now: io.now() });
    },
  };
}
