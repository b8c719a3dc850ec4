/** Sources of the activity log: Azure's activity log, the workspace, the archive, or a folder. */
import { activityIn, type ActivityLog } from "../audit/activity/activityLog.ts";
import { windowMs } from "../audit/activity/group.ts";
import { mayGrow } from "../audit/records/blobHour.ts";
import { blobCoverage, noBlobs, type BlobCoverage } from "../audit/records/blobCoverage.ts";
import { readActivityFile, readActivityValues } from "../audit/activity/readActivity.ts";
import type { SourceEvent } from "../audit/activity/types.ts";
import { openArm } from "../armAccess.ts";
import { openCache } from "../files/cacheFolder.ts";
import type { Io } from "../io.ts";
import { besidesByBlob, memoryLimitMb, readStored } from "./readStored.ts";
import { archiveFiles, folderFiles, type FindFiles } from "./logFiles.ts";
import type { Progress } from "../progress.ts";
import { defaultActivitySource, requireSource, type SourceFlags } from "./sourceFlags.ts";
import { openSettings } from "../settings/settings.ts";
import type { SettingsFlags } from "../settings/settingValues.ts";
import { dayMs } from "../time.ts";
import { type TimeRange, usualRangeMs } from "../timeRange.ts";

/** The events of a time range, and what they were read from. */
export interface ActivityRead extends ActivityLog {
  /** Number of files read; null if the source has no files. */
  readonly files: number | null;
  /** The time up to which received events are included; null if the source does not use that time. */
  readonly receivedUntil: Date | null;
  /** The blobs of an archive that were read. */
  readonly blobs: BlobCoverage;
}

export interface ActivitySource {
  /** Default length of the time range, in milliseconds before now; `undefined` for everything. */
  readonly defaultSince: number | undefined;
  /** Reads the events of at least all operations that began in the range. Events in files are parsed once and stored. */
  readonly read: (range: TimeRange, progress: Progress) => Promise<ActivityRead>;
  /** Yields the same events with their entries, verbatim. The store does not have these, so files are read again. */
  readonly events: (range: TimeRange, progress: Progress) => AsyncIterable<SourceEvent>;
}

/** @throws `UserError` if a setting that the source needs is missing, or the folder does not exist. */
export async function openActivitySource(
  flags: SourceFlags,
  io: Io,
  open: typeof openArm = openArm,
): Promise<ActivitySource> {
  const { source = defaultActivitySource } = flags;
  requireSource(flags, source);
  switch (source) {
    case "api":
      return apiSource(flags, io, open);
    case "workspace":
      return workspaceSource(flags, io);
    case "archive": {
      const archive = await openSettings(flags, io).need("activityLogArchive");
      const cacheDir = openCache(flags, io);
      return fileSource({ find: archiveFiles(archive, cacheDir, flags, io), cacheDir, defaultSince: usualRangeMs }, io);
    }
    default: {
      const { subscription } = flags;
      const scope = subscription === undefined ? undefined : `/subscriptions/${subscription}/`.toLowerCase();
      const of = {
        find: folderFiles(source, flags, io),
        cacheDir: openCache(flags, io),
        defaultSince: undefined,
        scope,
      };
      return fileSource(of, io);
    }
  }
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

function apiSource(flags: SettingsFlags, io: Io, open: typeof openArm): ActivitySource {
  return querySource(async function* (range, progress) {
    const { listActivityEvents } = await import("../azure/activityEvents.ts");
    const { arm, settings } = await open(flags, io);
    const subscriptionId = await settings.need("subscriptionId");
    progress.update("Asking for the activity log");
    const { from = new Date(0), to } = range;
    const asked = { from, aroundMs: windowMs, to: around({ from, to }).to };
    yield* counted(readActivityValues("the activity log", listActivityEvents(arm, subscriptionId, asked)), progress);
  });
}

function workspaceSource(flags: SettingsFlags, io: Io): ActivitySource {
  const query = async (range: TimeRange) => {
    const settings = openSettings(flags, io);
    const customerId = await settings.need("workspaceCustomerId");
    const { activity } = await settings.scopeIn("workspaceCustomerId");
    const { openAzure } = await import("../azureAccess.ts");
    const { cloud, credential } = await openAzure(io);
    const { from = new Date(0), to = new Date(io.now().getTime() + dayMs) } = around(range);
    return {
      endpoint: cloud.logAnalytics,
      customerId,
      credential,
      range: { start: from, end: to },
      ...(activity !== undefined && { subscriptionId: activity }),
      signal: io.signal,
    };
  };
  const events = async function* (asked: Awaited<ReturnType<typeof query>>, progress: Progress) {
    const [{ queryActivity }, { accessOperations, accessOperationTitles }] = await Promise.all([
      import("../audit/sources/workspace/queryActivity.ts"),
      import("@bastion-trail/core/links/kql"),
    ]);
    progress.update("Asking the workspace");
    const rows = queryActivity({ ...asked, operations: [...accessOperations, ...accessOperationTitles] });
    yield* counted(readActivityValues("AzureActivity", rows), progress);
  };
  return {
    ...querySource(async function* (range, progress) {
      yield* events(await query(range), progress);
    }),
    read: async (range, progress) => {
      const asked = await query(range);
      const { seenActivity } = await import("../audit/sources/workspace/queryActivity.ts");
      return { ...(await logOfQuery(events(asked, progress))), ...(await seenActivity(asked)) };
    },
  };
}

function querySource(events: ActivitySource["events"]): ActivitySource {
  return {
    defaultSince: usualRangeMs,
    read: (range, progress) => logOfQuery(events(range, progress)),
    events,
  };
}

async function logOfQuery(events: AsyncIterable<SourceEvent>): Promise<ActivityRead> {
  return { ...(await activityIn(events)), files: null, receivedUntil: null, blobs: noBlobs };
}

interface ActivityFiles {
  readonly find: FindFiles;
  /** Folder of the cache. */
  readonly cacheDir: string;
  readonly defaultSince: number | undefined;
  /** Beginning of the ids of resources to keep, in lower case: a folder may have several subscriptions. Default: all. */
  readonly scope?: string | undefined;
}

function fileSource({ find, cacheDir, defaultSince, scope }: ActivityFiles, io: Io): ActivitySource {
  return {
    defaultSince,
    read: async (range, progress) => {
      const [found, { activityInFiles }] = await Promise.all([
        find(around(range), progress),
        import("../audit/activity/activityInFiles.ts"),
      ]);
      const kept = { cacheDir, what: "the activity log" };
      const { besides, ...log } = await readStored(found, kept, io, progress, (options) =>
        activityInFiles({ ...options, scope, memoryLimitMb }),
      );
      return {
        ...log,
        besides: besidesByBlob(besides, found),
        files: found.files.length,
        receivedUntil: found.receivedUntil,
        blobs: blobCoverage(found.blobs, range, io.now()),
      };
    },
    events: async function* (range, progress) {
      const { files, blobOf, unreadable } = await find(around(range), progress);
      yield* unreadable.map((one) => ({ unreadable: one }));
      for (const file of files) {
        for await (const one of readActivityFile(file, mayGrow(file, io.now()), blobOf.get(file))) {
          if (isIn(scope, one)) yield one;
        }
        io.signal.throwIfAborted();
      }
    },
  };
}

function isIn(scope: string | undefined, found: SourceEvent): boolean {
  return scope === undefined || !("event" in found) || found.event.resource?.toLowerCase().startsWith(scope) === true;
}

async function* counted(events: AsyncIterable<SourceEvent>, progress: Progress): AsyncGenerator<SourceEvent> {
  let count = 0;
  for await (const event of events) {
    count += 1;
    if (count % 1000 === 0) progress.update(`Reading the activity log: ${count} events`);
    yield event;
  }
}
