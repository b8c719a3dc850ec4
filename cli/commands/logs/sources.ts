/** Where `logs` reads: the archive, the workspace, or a folder. */
import { blobCoverage, noBlobs, type BlobCoverage } from "../../audit/records/blobCoverage.ts";
import type { Coverage, LogResult, SessionFilter, SourceRecord } from "../../audit/records/types.ts";
import type { Folded } from "../../audit/sessions/fold.ts";
import type { FolderFoldOptions } from "../../audit/sessions/foldFolder.ts";
import { lifetimeDays, openCache, type CacheFlags } from "../../cacheFolder.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import { archiveFiles, folderFiles, tellDamaged, type ArchiveFlags, type FindFiles, type FoundFiles } from "./files.ts";
import { openSettings } from "../../settings.ts";
import type { KnownVm, SettingsFlags } from "../../settingValues.ts";
import { vmsInSettings } from "../../vmName.ts";

interface ReadFromBlobs {
  readonly coverage: Coverage & BlobCoverage;
}

/** Sessions and what they rest on, the blobs of an archive included. */
export type LogRead = LogResult & ReadFromBlobs;

export interface LogSource {
  /** Milliseconds before now that are read where nobody says; `undefined` for everything there is. */
  readonly defaultSince: number | undefined;
  /** Whose records are meant of all that are there. It belongs into the filter. */
  readonly scope: Pick<SessionFilter, "bastion">;
  /** The deployment's VMs, in Azure's own spelling; empty where nothing says which deployment it is. */
  readonly vms: () => Promise<readonly KnownVm[]>;
  /** The sessions. @returns `undefined` where nothing is new since this object's last read. */
  readonly read: (filter: SessionFilter, progress: Progress) => Promise<LogRead | undefined>;
  /** The sessions of files as a table of an engine; see `foldInto`. Whoever gets the engine closes it. A workspace is asked instead. */
  readonly fold?: (facts: string, filter: SessionFilter, progress: Progress) => Promise<Folded & ReadFromBlobs>;
  /** At least the audit records that the filter means, as they come, and what else is there. */
  readonly records: (filter: SessionFilter, progress: Progress) => AsyncIterable<SourceRecord>;
}

type Unscoped = Omit<LogSource, "scope" | "vms">;

export interface SourceFlags extends SettingsFlags, CacheFlags, ArchiveFlags {
  readonly source?: string | undefined;
}

const day = 86_400_000;
/** Memory for folding, whatever the size of the logs. The rest of the process takes about as much again. */
const memoryLimitMb = 512;

/** @throws `UserError` when the settings lack what the source needs, or there is no such folder. */
export async function openSource(flags: SourceFlags, io: Io): Promise<LogSource> {
  const { source = "archive" } = flags;
  switch (source) {
    case "archive": {
      const settings = openSettings(flags, io);
      const archive = await settings.need("archive");
      const cacheDir = openCache(flags, io);
      const files = archiveFiles(archive, cacheDir, flags, io);
      return { ...fileSource(day, io, files, cacheDir), scope: {}, vms: () => vmsInSettings(settings) };
    }
    case "workspace": {
      const settings = openSettings(flags, io);
      const customerId = await settings.need("workspaceCustomerId");
      const { audit } = await settings.scopeIn("workspaceCustomerId");
      const scope = audit === undefined ? {} : { bastion: audit };
      return { ...workspaceSource(customerId, io), scope, vms: () => vmsInSettings(settings) };
    }
    default:
      return {
        ...fileSource(undefined, io, folderFiles(source, io), openCache(flags, io)),
        scope: scopeOf(flags),
        vms: () => Promise.resolve([]),
      };
  }
}

/** A folder may hold the records of many hosts. */
function scopeOf({ bastion, subscription }: SourceFlags): LogSource["scope"] {
  const scope = bastion ?? (subscription === undefined ? undefined : `/subscriptions/${subscription}`);
  return scope === undefined ? {} : { bastion: scope };
}

function fileSource(defaultSince: number | undefined, io: Io, find: FindFiles, cacheDir: string): Unscoped {
  const folded = async <Of extends Pick<LogResult, "coverage">>(
    found: FoundFiles,
    filter: SessionFilter,
    progress: Progress,
    fold: (options: FolderFoldOptions) => Promise<Of>,
  ): Promise<Of & ReadFromBlobs> => {
    const { files, blobs, unreadable, receivedUntil, of } = found;
    progress.update("Reading the records");
    const lifetime = lifetimeDays(io.env);
    const result = await fold({
      files,
      unreadable,
      filter,
      memoryLimitMb,
      now: io.now(),
      store: { cacheDir, of },
      onProgress: (done, total) => {
        progress.update(`Reading the records: ${done} of ${total} files`);
      },
      onDamage: (damaged) => tellDamaged(damaged, io, progress),
    });
    const { removeUnused } = await import("../../audit/store/lifetime.ts");
    await removeUnused(cacheDir, lifetime);
    const until = receivedUntil?.toISOString() ?? null;
    const ofBlobs = blobCoverage(blobs, filter, io.now());
    return { ...result, coverage: { ...result.coverage, receivedUntil: until, ...ofBlobs } };
  };
  return {
    defaultSince,
    read: async (filter, progress) => {
      const [found, { foldFolder }] = await Promise.all([
        find(filter, progress),
        import("../../audit/sessions/foldFolder.ts"),
      ]);
      return found.isNew ? folded(found, filter, progress, foldFolder) : undefined;
    },
    fold: async (facts, filter, progress) => {
      const [found, { foldFolderInto }] = await Promise.all([
        find(filter, progress),
        import("../../audit/sessions/foldFolder.ts"),
      ]);
      return folded(found, filter, progress, (options) => foldFolderInto(facts, options));
    },
    records: async function* (filter, progress) {
      const [{ files, blobOf, unreadable }, { readRecords }, { mayGrow }] = await Promise.all([
        find(filter, progress),
        import("../../audit/records/readRecords.ts"),
        import("../../audit/records/blobHour.ts"),
      ]);
      progress.end();
      yield* unreadable.map((one) => ({ unreadable: one }));
      for (const file of files) {
        yield* readRecords(file, mayGrow(file, io.now()), blobOf.get(file));
      }
    },
  };
}

function workspaceSource(customerId: string, io: Io): Unscoped {
  const query = async function* (filter: SessionFilter, progress: Progress): AsyncGenerator<SourceRecord> {
    const [{ queryWorkspace }, { openAzure }] = await Promise.all([
      import("../../audit/sources/workspace/queryWorkspace.ts"),
      import("../../azureAccess.ts"),
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
      const result = await foldRecords(query(filter, progress), { filter, memoryLimitMb, now: io.now() });
      return { ...result, coverage: { ...result.coverage, ...noBlobs } };
    },
    records: async function* (filter, progress) {
      for await (const found of query(filter, progress)) {
        progress.end();
        yield found;
      }
    },
  };
}
