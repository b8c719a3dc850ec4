/** Sources of flow logs for `trail`: their storage account, or a folder; for one session, also the workspace. */
import { defaultSource, type SourceFlags } from "./sourceFlags.ts";
import { summedAfterMs } from "../audit/kql/flows.ts";
import type { AskedFlows, RecordedFlow } from "../audit/flows/recordedFlows.ts";
import { LogSight, lostTime, unreadLog } from "../audit/trail/logSight.ts";
import type { LogCoverage } from "../audit/trail/types.ts";
import { kindOf } from "../audit/records/logOf.ts";
import type { RawEntry, Unread, Unreadable } from "../audit/records/types.ts";
import type { Besides } from "../audit/store/besides.ts";
import type { Engine } from "../audit/store/engine.ts";
import type { Evidence } from "../audit/store/evidence.ts";
import type { Untold } from "../audit/records/unreadableList.ts";
import { openCache } from "../files/cacheFolder.ts";
import type { Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { openSettings } from "../settings/settings.ts";
import type { TimeRange } from "../timeRange.ts";
import { besidesByBlob, readStored } from "./readStored.ts";
import { archiveFiles, folderFiles, type FindFiles, type FoundFiles } from "./logFiles.ts";
import { minuteMs } from "../time.ts";

/** The flow logs that were read. */
export interface FlowRead {
  /** A query of the engine that returns the relation `flows`; `undefined` if there is no flow log. */
  readonly relation: string | undefined;
  readonly coverage: LogCoverage;
  readonly unreadable: readonly Unreadable[];
  readonly unread: Unread;
  /** Files with lost entries. */
  readonly lostIn: readonly string[];
  /** Number of entries of logs that the trail does not use, by category or table. */
  readonly otherLogs: Besides["otherLogs"];
}

/** The result if flow logs are not archived. */
const noFlows: FlowRead = {
  relation: undefined,
  coverage: unreadLog,
  unreadable: [],
  unread: { lost: 0, aside: 0 },
  lostIn: [],
  otherLogs: {},
};

/** Flow logs are written every minute, with a delay of some minutes. */
const latencyMs = 20 * minuteMs;

/** Other files in a folder are reported by the readers of the other logs. */
const flowFile = /flowlogflowevent|flowlogresourceid/i;

/**
 * Loads the flows of a time range into an engine: those to the VMs of its table `folded`, because a flow log has all connections
 * to all VMs of its network. Flows from files are kept in the evidence store and parsed only once.
 */
export async function readFlows(
  engine: Engine,
  flags: SourceFlags,
  range: TimeRange,
  io: Io,
  progress: Progress,
): Promise<FlowRead> {
  const find = await flowFiles(flags, io);
  if (find === undefined) return noFlows;
  const [found, { flowWriter }, { fileEvidence }] = await Promise.all([
    find(range, progress),
    import("../audit/flows/flowStore.ts"),
    import("../audit/store/readEvidence.ts"),
  ]);
  const { source = defaultSource } = flags;
  const writer = flowWriter(engine, source === "archive" ? undefined : (file) => flowFile.test(file));
  const kept = { cacheDir: openCache(flags, io), what: "the flow logs" };
  return readStored(found, kept, io, progress, async (options) => {
    // The readers of the other logs report what is unreadable in a folder.
    const unreadable = source === "archive" ? found.unreadable : [];
    const evidence = await fileEvidence(engine, { ...options, unreadable }, writer);
    return flowRead(engine, evidence, found, io.now());
  });
}

/** @param found the files that the evidence is of. */
async function flowRead(
  engine: Engine,
  { segments, beside }: Evidence,
  found: FoundFiles,
  now: Date,
): Promise<FlowRead> {
  const [{ storedFlows, timesOf }, { sumOf }] = await Promise.all([
    import("../audit/flows/storedFlows.ts"),
    import("../audit/store/besides.ts"),
  ]);
  const sight = new LogSight();
  const times = await timesOf(engine, segments);
  if (times !== undefined) sight.seeAll(times, times.records);
  const { unreadable, unread, lostIn, otherLogs } = besidesByBlob(sumOf([...beside, ...segments]), found);
  for (const file of lostIn) sight.lose(lostTime(file));
  return {
    relation: segments.length === 0 ? undefined : await storedFlows(engine, segments, { vms: "FROM folded" }),
    coverage: sight.coverage(now, times?.areSums === true ? summedAfterMs : latencyMs),
    unreadable,
    unread,
    lostIn,
    otherLogs: Object.fromEntries(Object.entries(otherLogs).filter(([name]) => kindOf(name) === "other")),
  };
}

/** `undefined` if flow logs are not archived. */
async function flowFiles(flags: SourceFlags, io: Io): Promise<FindFiles | undefined> {
  const { source = defaultSource } = flags;
  if (source !== "archive") return folderFiles(source, flags, io);
  const archive = await openSettings(flags, io).find("flowLogArchive");
  return archive && archiveFiles(archive, openCache(flags, io), flags, io);
}

/**
 * Yields selected flows of a range with their records, which are read again. Unreadable places were already reported
 * with the trail.
 */
export async function* flowsOf(
  flags: SourceFlags,
  range: TimeRange,
  asked: AskedFlows,
  io: Io,
  progress: Progress,
): AsyncGenerator<RecordedFlow> {
  const { recordedFlows } = await import("../audit/flows/recordedFlows.ts");
  yield* recordedFlows(flowEntries(flags, range, io, progress), asked);
}

async function* flowEntries(
  flags: SourceFlags,
  range: TimeRange,
  io: Io,
  progress: Progress,
): AsyncGenerator<RawEntry | Untold> {
  if (flags.source === "workspace") {
    yield* workspaceFlows(flags, range, io);
    return;
  }
  const find = await flowFiles(flags, io);
  if (find === undefined) return;
  const [{ files, blobOf }, { flowEntries: entriesIn }] = await Promise.all([
    find(range, progress),
    import("../audit/flows/readFlows.ts"),
  ]);
  for await (const entry of entriesIn(files, (file) => blobOf.get(file) ?? file)) {
    io.signal.throwIfAborted();
    yield entry;
  }
}

async function* workspaceFlows(flags: SourceFlags, { from, to }: TimeRange, io: Io): AsyncGenerator<RawEntry> {
  const customerId = await openSettings(flags, io).need("workspaceCustomerId");
  const [{ queryFlows }, { openAzure }] = await Promise.all([
    import("../audit/sources/workspace/queryFlows.ts"),
    import("../azureAccess.ts"),
  ]);
  const { cloud, credential } = await openAzure(io);
  const start = from ?? new Date(0);
  const end = new Date((to ?? io.now()).getTime() + summedAfterMs);
  const { logAnalytics: endpoint } = cloud;
  yield* queryFlows({ endpoint, customerId, credential, range: { start, end }, signal: io.signal });
}
