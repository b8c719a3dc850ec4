/** Where `trail` reads flow logs: their storage account, the workspace, or a folder. */
import type { SourceFlow } from "../../audit/flows/readFlows.ts";
import { LogSight } from "../../audit/trail/logSight.ts";
import type { FlowRow, LogCoverage } from "../../audit/trail/types.ts";
import type { Unread, Unreadable } from "../../audit/records/types.ts";
import { UnreadableList } from "../../audit/records/unreadableList.ts";
import { openCache } from "../../cacheFolder.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import { openSettings } from "../../settings.ts";
import type { TimeRange } from "../../timeRange.ts";
import { archiveFiles, folderFiles } from "../logs/files.ts";
import type { SourceFlags } from "../logs/sources.ts";

/** Flow logs as they are read; the rest is complete when all flows were read. */
export interface FlowRead {
  readonly flows: AsyncIterable<FlowRow>;
  readonly coverage: () => LogCoverage;
  readonly unreadable: () => readonly Unreadable[];
  readonly unread: () => Unread;
}

/** Flow logs are written once a minute, and Traffic Analytics sums up to an hour, an hour later. */
const latencyMs = 20 * 60_000;
const summedMs = 2 * 3_600_000;

/** What lies in a folder beside flow logs is told by those who read it. */
const flowFile = /flowlogflowevent|flowlogresourceid/i;

export function readFlows(flags: SourceFlags, range: TimeRange, io: Io, progress: Progress): FlowRead {
  const sight = new LogSight();
  const list = new UnreadableList();
  const isFolder = !["archive", "workspace"].includes(flags.source ?? "archive");
  const flows = async function* (): AsyncGenerator<FlowRow> {
    for await (const found of sourceFlows(flags, range, io, progress)) {
      if ("flow" in found) {
        sight.see(found.flow.start);
        yield found.flow;
      } else if (("unreadable" in found || "aside" in found) && (!isFolder || isOfFlows(found))) {
        list.add(found);
      }
    }
  };
  return {
    flows: flows(),
    coverage: () => sight.coverage(io.now(), latencyMs),
    unreadable: () => list.places,
    unread: () => list.unread,
  };
}

function isOfFlows(found: { readonly unreadable: Unreadable } | { readonly aside: Unreadable }): boolean {
  return flowFile.test("unreadable" in found ? found.unreadable.file : found.aside.file);
}

async function* sourceFlows(
  flags: SourceFlags,
  range: TimeRange,
  io: Io,
  progress: Progress,
): AsyncGenerator<SourceFlow> {
  const { source = "archive" } = flags;
  if (source === "workspace") {
    yield* workspaceFlows(flags, range, io);
    return;
  }
  const folder = source === "archive" ? await openSettings(flags, io).find("flowLogArchive") : undefined;
  if (source === "archive" && folder === undefined) return;
  const find =
    folder === undefined ? folderFiles(source, io) : archiveFiles(folder, openCache(flags, io), flags.late, io);
  const [{ files }, { readFlowFiles }] = await Promise.all([
    find(range, progress),
    import("../../audit/flows/readFlows.ts"),
  ]);
  progress.end();
  yield* readFlowFiles(files, io.signal);
}

async function* workspaceFlows(flags: SourceFlags, { from, to }: TimeRange, io: Io): AsyncGenerator<SourceFlow> {
  const customerId = await openSettings(flags, io).need("workspaceCustomerId");
  const [{ queryFlows }, { openAzure }] = await Promise.all([
    import("../../audit/sources/workspace/queryFlows.ts"),
    import("../../azureAccess.ts"),
  ]);
  const { cloud, credential } = await openAzure(io);
  const start = from ?? new Date(0);
  const end = new Date((to ?? io.now()).getTime() + summedMs);
  const { logAnalytics: endpoint } = cloud;
  yield* queryFlows({ endpoint, customerId, credential, range: { start, end }, signal: io.signal });
}
