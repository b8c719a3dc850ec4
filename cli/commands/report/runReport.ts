/** `report`. */
import { readAccepted } from "../../acceptedFindings.ts";
import type { RawEntry } from "../../audit/records/types.ts";
import { onCloudTime } from "../../cloudTime.ts";
import type { Handler } from "../../command.ts";
import { exitCodeOfRead } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { withProgress, type Progress } from "../../progress.ts";
import { pageFile, type PageInput, type SessionWithRecords } from "../../report/pageFile.ts";
import type { PageAbout, PageRecord } from "../../report/pageData.ts";
import { visible } from "../../reporters/visible.ts";
import { requireSource } from "../../sourceFlags.ts";
import { rangeFrom, type TimeRange } from "../../timeRange.ts";
import { packageVersion } from "../../version.ts";
import { counted, tellUnreadable } from "../logs/tell.ts";
import { openSource } from "../logs/sources.ts";
import { withAcceptance } from "../trail/filter.ts";
import { coverageOf, defaultSkewMs, openTrail } from "../trail/runTrail.ts";
import { openTrailSource, type TrailSource } from "../trail/sources.ts";
import { newFile } from "./newFile.ts";
import type { reportOptions } from "./options.ts";
import { RawRecords } from "./rawRecords.ts";

type ReportHandler = Handler<typeof reportOptions>;
type Options = Parameters<ReportHandler>[0];

export const runReport: ReportHandler = async (options, localIo) => {
  requireSource(options, options.source ?? "archive");
  const accepted = readAccepted(options.accept, localIo).trail;
  const file = newFile(options.out, options.force, localIo.cwd);
  const io = await onCloudTime(localIo);
  const source = await openTrailSource(options, io);
  const range = rangeFrom(options, io.now(), source.defaultSince);
  const written = await withProgress(io, "Reading", async (progress) => {
    const read = await source.read(range, undefined, progress);
    const settings = { ...range, skewMs: options.skew ?? defaultSkewMs, now: io.now() };
    const trail = openTrail(read, settings);
    const records = await rawRecords(source, range, options, io, progress);
    const starts: string[] = [];
    const sessions = async function* (): AsyncGenerator<SessionWithRecords> {
      for await (const row of trail.rows()) {
        starts.push(row.start);
        if (starts.length % 1000 === 0) progress.update(`Writing the report: ${starts.length} sessions`);
        yield { session: withAcceptance(row, accepted), records: records.ofSession(row).map(shownRecord) };
      }
    };
    const input: PageInput = {
      sessions: sessions(),
      surroundings: () => ({
        about: aboutOf(range, starts, options, io),
        grants: trail.grants(),
        rules: trail.rules(),
        coverage: coverageOf(read.rests(), settings),
        unreadable: read.rests().unreadable,
      }),
      recordsOfRequest: (request) => records.ofRequest(request).map(shownRecord),
      recordsOfRule: (rule) => records.ofRule(rule).map(shownRecord),
    };
    progress.update("Writing the report");
    await file.write(pageFile(input), io.signal);
    return { rests: read.rests(), count: starts.length };
  });
  const { rests, count } = written;
  await tellUnreadable(io, rests.unreadable, rests.unread);
  await note(io, visible(`${counted(count, "session")} written to ${file.path}.`));
  return exitCodeOfRead(rests.unread, options.strict);
};

/** The records of the range, as the logs have them. They are read again: the trail keeps facts, not records. */
async function rawRecords(
  source: TrailSource,
  range: TimeRange,
  options: Options,
  io: Io,
  progress: Progress,
): Promise<RawRecords> {
  progress.update("Reading the records");
  const { records, scope } = await openSource(options, io);
  const { from, to } = range;
  const raw = new RawRecords();
  // A source ends the line when the first record comes, for who shows records; here more is to do.
  const going = { ...progress, end: () => undefined };
  await raw.addAudit(records({ ...scope, ...(from && { from }), ...(to && { to }) }, going));
  await raw.addActivity(source.evidence(range).activity());
  return raw;
}

/** Without a bound, the range is what there is. */
function aboutOf(
  { from, to }: TimeRange,
  starts: readonly string[],
  { source = "archive" }: Options,
  io: Io,
): PageAbout {
  const now = io.now().toISOString();
  const place = source === "archive" || source === "workspace" ? `the ${source}` : source;
  return {
    from: from?.toISOString() ?? starts[0] ?? now,
    to: to?.toISOString() ?? now,
    generatedAt: now,
    source: place,
    version: packageVersion(),
  };
}

function shownRecord({ file, line, value }: RawEntry): PageRecord {
  // A copy of a blob lies in the cache of whoever wrote the report; what names the blob begins with its resource.
  const name = file.replace(/^.*?(?=[^/\\]+[/\\]y=\d{4}[/\\])/i, "");
  return { place: `${name}:${line}`, text: JSON.stringify(value) };
}
