/** Sources of the Bastion audit logs: the archive, the workspace, or a folder. */
import { defaultSource, type SourceFlags } from "./sourceFlags.ts";
import { blobCoverage, noBlobs, type BlobCoverage } from "../audit/records/blobCoverage.ts";
import type { Coverage, FoundRecord, LogResult, SessionFilter, SourceRecord } from "../audit/records/types.ts";
import type { Folded } from "../audit/sessions/fold.ts";
import type { FolderFoldOptions } from "../audit/sessions/foldFolder.ts";
import type { OneSession } from "../audit/store/originals.ts";
import { openCache } from "../files/cacheFolder.ts";
import { UserError } from "../errors.ts";
import type { Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { besidesByBlob, memoryLimitMb, readStored } from "./readStored.ts";
import { archiveFiles, folderFiles, type FindFiles, type FoundFiles } from "./logFiles.ts";
import { openSettings } from "../settings/settings.ts";
import type { KnownVm } from "../settings/settingValues.ts";
import { vmsInSettings } from "../names/vmName.ts";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";
import { usualRangeMs } from "../timeRange.ts";

interface ReadFromBlobs {
  readonly coverage: Coverage & BlobCoverage;
}

/** Sessions with their coverage, including the blobs of an archive. */
export type AuditRead = LogResult & ReadFromBlobs;

export interface AuditSource {
  /** Default length of the time range, in milliseconds before now; `undefined` for everything. */
  readonly defaultSince: number | undefined;
  /** Limits the records to one host or subscription. Must be part of the filter. */
  readonly scope: Pick<SessionFilter, "bastion">;
  /** The deployment's VMs, in Azure's own spelling; empty if the deployment is unknown. */
  readonly vms: () => Promise<readonly KnownVm[]>;
  /** Reads the sessions. @returns `undefined` if nothing is new since the last read of this object. */
  readonly read: (filter: SessionFilter, progress: Progress) => Promise<AuditRead | undefined>;
  /**
   * Writes the sessions of files into a table of an engine; see `foldInto`. The caller must close the engine. A
   * workspace is queried instead.
   */
  readonly fold?: (facts: string, filter: SessionFilter, progress: Progress) => Promise<Folded & ReadFromBlobs>;
  /**
   * Returns the time of the newest record, whether or not it matches the filter; `undefined` if there is none. Missing if the coverage
   * of `read` has it: a workspace returns only the records that match.
   */
  readonly newest?: (filter: SessionFilter) => Promise<Date | undefined>;
  /** Yields at least the audit records that match the filter, as they arrive, and what else is in the source. */
  readonly records: (filter: SessionFilter, progress: Progress) => AsyncIterable<SourceRecord>;
  /** The audit records of one session, among those that the filter means. */
  readonly recordsOf: (session: OneSession, filter: SessionFilter, progress: Progress) => AsyncIterable<FoundRecord>;
}

type Unscoped = Omit<AuditSource, "scope" | "vms">;

/** @throws `UserError` if a setting that the source needs is missing, or the folder does not exist. */
export async function openAuditSource(flags: SourceFlags, io: Io): Promise<AuditSource> {
  const { source = defaultSource } = flags;
  switch (source) {
    case "archive": {
      const settings = openSettings(flags, io);
      const archive = await settings.need("archive");
      const cacheDir = openCache(flags, io);
      const files = archiveFiles(archive, cacheDir, flags, io);
      return { ...fileSource(usualRangeMs, io, files, cacheDir), scope: {}, vms: () => vmsInSettings(settings) };
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
        ...fileSource(undefined, io, folderFiles(source, flags, io), openCache(flags, io)),
        scope: scopeOf(flags),
        vms: () => Promise.resolve([]),
      };
  }
}

/** The scope of a folder, which may hold the records of many hosts. */
function scopeOf({ bastion, subscription }: SourceFlags): AuditSource["scope"] {
  const scope = bastion ?? (subscription === undefined ? undefined : `/subscriptions/${subscription}`);
  return scope === undefined ? {} : { bastion: scope };
}

function fileSource(defaultSince: number | undefined, io: Io, find: FindFiles, cacheDir: string): Unscoped {
  const folded = async <Of extends Pick<LogResult, "coverage" | "unreadable" | "lostIn">>(
    found: FoundFiles,
    filter: SessionFilter,
    progress: Progress,
    fold: (options: FolderFoldOptions) => Promise<Of>,
  ): Promise<Of & ReadFromBlobs> => {
    const { blobs, receivedUntil } = found;
    const result = await readStored(found, { cacheDir, what: "the records" }, io, progress, (options) =>
      fold({ ...options, filter, memoryLimitMb }),
    );
    const until = receivedUntil?.toISOString() ?? null;
    const ofBlobs = blobCoverage(blobs, filter, io.now());
    return { ...besidesByBlob(result, found), coverage: { ...result.coverage, receivedUntil: until, ...ofBlobs } };
  };
  return {
    defaultSince,
    read: async (filter, progress) => {
      const [found, { foldFolder }] = await Promise.all([
        find(filter, progress),
        import("../audit/sessions/foldFolder.ts"),
      ]);
      return found.isNew ? folded(found, filter, progress, foldFolder) : undefined;
    },
    fold: async (facts, filter, progress) => {
      const [found, { foldFolderInto }] = await Promise.all([
        find(filter, progress),
        import("../audit/sessions/foldFolder.ts"),
      ]);
      return folded(found, filter, progress, (options) => foldFolderInto(facts, options));
    },
    records: async function* (filter, progress) {
      const [{ files, blobOf, unreadable }, { readRecords }, { mayGrow }] = await Promise.all([
        find(filter, progress),
        import("../audit/records/readRecords.ts"),
        import("../audit/records/blobHour.ts"),
      ]);
      progress.end();
      yield* unreadable.map((one) => ({ unreadable: one }));
      for (const file of files) {
        for await (const found of readRecords(file, mayGrow(file, io.now()), blobOf.get(file))) {
          io.signal.throwIfAborted();
          yield found;
        }
      }
    },
    recordsOf: async function* (session, filter, progress) {
      const [{ files, blobs, blobOf, of }, { originalsInFiles, OriginalChangedError }] = await Promise.all([
        find(filter, progress),
        import("../audit/store/originals.ts"),
      ]);
      const hashes = new Map(blobs?.map(({ name, sha256 }) => [name, sha256]));
      const options = { files, now: io.now(), store: { cacheDir, of } };
      try {
        for await (const { records, file, offset, sha256 } of originalsInFiles(options, session, memoryLimitMb)) {
          const name = blobOf.get(file) ?? file;
          for (const { record, raw } of records) {
            yield { record, raw: { ...raw, file: name, offset, sha256: hashes.get(name) ?? sha256 } };
          }
        }
      } catch (error) {
        if (!(error instanceof OriginalChangedError)) throw error;
        throw new UserError(error.message, "Run the command again.");
      }
    },
  };
}

function workspaceSource(customerId: string, io: Io): Unscoped {
  const query = async function* (filter: SessionFilter, progress: Progress): AsyncGenerator<SourceRecord> {
    const [{ queryWorkspace }, { openAzure }] = await Promise.all([
      import("../audit/sources/workspace/queryWorkspace.ts"),
      import("../azureAccess.ts"),
    ]);
    progress.update("Asking the workspace");
    const { cloud, credential } = await openAzure(io);
    const { logAnalytics: endpoint } = cloud;
    yield* queryWorkspace({ endpoint, customerId, credential, filter, now: io.now(), signal: io.signal });
  };
  return {
    defaultSince: usualRangeMs,
    newest: async (filter) => {
      const [{ newestRecord }, { rangeOf }, { openAzure }] = await Promise.all([
        import("../audit/sources/workspace/queryTrail.ts"),
        import("../audit/sources/workspace/queryWorkspace.ts"),
        import("../azureAccess.ts"),
      ]);
      const { cloud, credential } = await openAzure(io);
      const range = rangeOf({ filter, now: io.now() });
      const { bastion } = filter;
      return newestRecord({ endpoint: cloud.logAnalytics, customerId, credential, range, bastion, signal: io.signal });
    },
    read: async (filter, progress) => {
      const { foldRecords } = await import("../audit/sessions/foldRecords.ts");
      const result = await foldRecords(query(filter, progress), { filter, memoryLimitMb, now: io.now() });
      return { ...result, coverage: { ...result.coverage, ...noBlobs } };
    },
    records: async function* (filter, progress) {
      for await (const found of query(filter, progress)) {
        progress.end();
        yield found;
      }
    },
    recordsOf: async function* ({ tunnelId, start }, filter, progress) {
      for await (const found of query({ ...filter, ...(tunnelId !== null && { tunnel: tunnelId }) }, progress)) {
        if (!("record" in found)) continue;
        const { record } = found;
        const isMeant =
          tunnelId === null
            ? record.tunnelId === null && [record.time, record.sessionStart].includes(start)
            : isSameIgnoringCase(record.tunnelId, tunnelId);
        if (isMeant) yield found;
      }
    },
  };
}
