/** Sources of `activity`: Azure's activity log, the workspace, the archive, or a folder. */
import { windowMs } from "../../audit/activity/group.ts";
import { blobCoverage, noBlobs, type BlobCoverage } from "../../audit/records/blobCoverage.ts";
import { readActivityFile, readActivityValues } from "../../audit/activity/readActivity.ts";
import type { SourceEvent } from "../../audit/activity/types.ts";
import { openAccess } from "../../access.ts";
import { openCache, type CacheFlags } from "../../cacheFolder.ts";
import type { Io } from "../../io.ts";
import { archiveFiles, folderFiles, type FindFiles } from "../logs/files.ts";
import type { Progress } from "../../progress.ts";
import { requireSource } from "../../sourceFlags.ts";
import { openSettings } from "../../settings.ts";
import type { SettingsFlags } from "../../settingValues.ts";
import type { TimeRange } from "../../timeRange.ts";

export interface ActivitySource {
  /** Default length of the time range, in milliseconds before now; `undefined` for everything. */
  readonly defaultSince: number | undefined;
  /** The events of at least all operations that began in the range, as they arrive. */
  readonly events: (range: TimeRange, progress: Progress) => AsyncIterable<SourceEvent>;
  /** Number of files read so far; null if the source has no files. */
  readonly files: () => number | null;
  /** The time up to which received events have been read so far; null if the source does not use that time. */
  readonly receivedUntil: () => Date | null;
  /** The blobs of the archive that have been read so far. */
  readonly blobs: () => BlobCoverage;
}

export interface ActivitySourceFlags extends SettingsFlags, CacheFlags {
  readonly source?: string | undefined;
  /** How late a record may have been received, in milliseconds after the range. */
  readonly late?: number | undefined;
}

const day = 86_400_000;

/** @throws `UserError` if a setting that the source needs is missing, or the folder does not exist. */
export async function openActivitySource(
  flags: ActivitySourceFlags,
  io: Io,
  open: typeof openAccess = openAccess,
): Promise<ActivitySource> {
  const { source = "api" } = flags;
  requireSource(flags, source);
  switch (source) {
    case "api":
      return apiSource(flags, io, open);
    case "workspace":
      return workspaceSource(flags, io);
    case "archive": {
      const archive = await openSettings(flags, io).need("activityLogArchive");
      return fileSource(day, io, archiveFiles(archive, openCache(flags, io), flags, io));
    }
    default:
      return inSubscription(fileSource(undefined, io, folderFiles(source, io)), flags.subscription);
  }
}

/** Keeps the events of one subscription: a folder may have the logs of several. */
function inSubscription(source: ActivitySource, subscription: string | undefined): ActivitySource {
  if (subscription === undefined) return source;
  const scope = `/subscriptions/${subscription}/`.toLowerCase();
  return {
    ...source,
    events: async function* (range, progress) {
      for await (const found of source.events(range, progress)) {
        if (!("event" in found) || found.event.resource?.toLowerCase().startsWith(scope) === true) yield found;
      }
    },
  };
}

/**
 * Widens a range by the longest time of an operation: one that began in the range may have later events, and one that
 * began before it must be recognised by its first event.
 */
export function around({ from, to }: TimeRange): TimeRange {
  return {
    from: from && new Date(from.getTime() - windowMs),
    to: to && new Date(to.getTime() + windowMs),
  };
}

function apiSource(flags: SettingsFlags, io: Io, open: typeof openAccess): ActivitySource {
  return {
    defaultSince: day,
    files: () => null,
    receivedUntil: () => null,
    blobs: () => noBlobs,
    events: async function* (range, progress) {
      const { listActivityEvents } = await import("../../azure/activityEvents.ts");
      const { arm, settings } = await open(flags, io);
      const subscriptionId = await settings.need("subscriptionId");
      progress.update("Asking for the activity log");
      const { from = new Date(0), to } = range;
      const asked = { from, aroundMs: windowMs, to: around({ from, to }).to };
      yield* counted(readActivityValues("the activity log", listActivityEvents(arm, subscriptionId, asked)), progress);
    },
  };
}

function workspaceSource(flags: SettingsFlags, io: Io): ActivitySource {
  return {
    defaultSince: day,
    files: () => null,
    receivedUntil: () => null,
    blobs: () => noBlobs,
    events: async function* (range, progress) {
      const settings = openSettings(flags, io);
      const customerId = await settings.need("workspaceCustomerId");
      const { activity } = await settings.scopeIn("workspaceCustomerId");
      const [{ queryActivity }, { openAzure }, { accessOperations, accessOperationTitles }] = await Promise.all([
        import("../../audit/sources/workspace/queryActivity.ts"),
        import("../../azureAccess.ts"),
        import("@bastion-trail/core/links/kql"),
      ]);
      progress.update("Asking the workspace");
      const { cloud, credential } = await openAzure(io);
      const { from = new Date(0), to = new Date(io.now().getTime() + day) } = around(range);
      const rows = queryActivity({
        endpoint: cloud.logAnalytics,
        customerId,
        credential,
        range: { start: from, end: to },
        operations: [...accessOperations, ...accessOperationTitles],
        ...(activity !== undefined && { subscriptionId: activity }),
        signal: io.signal,
      });
      yield* counted(readActivityValues("AzureActivity", rows), progress);
    },
  };
}

function fileSource(defaultSince: number | undefined, io: Io, find: FindFiles): ActivitySource {
  let read = 0;
  let until: Date | null = null;
  let coverage = noBlobs;
  return {
    defaultSince,
    files: () => read,
    receivedUntil: () => until,
    blobs: () => coverage,
    events: async function* (range, progress) {
      const [{ files, blobs, blobOf, unreadable, receivedUntil }, { mayGrow }] = await Promise.all([
        find(around(range), progress),
        import("../../audit/records/blobHour.ts"),
      ]);
      until = receivedUntil;
      coverage = blobCoverage(blobs, range, io.now());
      yield* unreadable.map((one) => ({ unreadable: one }));
      for (const file of files) {
        read += 1;
        progress.update(`Reading ${read} of ${files.length} files`);
        yield* readActivityFile(file, mayGrow(file, io.now()), blobOf.get(file));
        io.signal.throwIfAborted();
      }
    },
  };
}

async function* counted(events: AsyncIterable<SourceEvent>, progress: Progress): AsyncGenerator<SourceEvent> {
  let count = 0;
  for await (const event of events) {
    count += 1;
    if (count % 1000 === 0) progress.update(`Reading the activity log: ${count} events`);
    yield event;
  }
}
