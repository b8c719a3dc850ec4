/** `report`. */
import { readAccepted } from "../../acceptedFindings.ts";
import { SessionFlows } from "../../audit/trail/sessionFlows.ts";
import type { TrailRow } from "../../audit/trail/types.ts";
import { onCloudTime } from "../../cloudTime.ts";
import type { Handler } from "../../command.ts";
import { exitCodeOfRead } from "../../errors.ts";
import { note } from "../../io.ts";
import { withProgress, type Progress } from "../../progress.ts";
import { pageFile } from "../../report/pageFile.ts";
import { visible } from "../../reporters/visible.ts";
import { requireSource } from "../../sourceFlags.ts";
import { SpooledList, withSpool, type Spool } from "../../spool.ts";
import { rangeFrom } from "../../timeRange.ts";
import { counted, tellUnreadable } from "../logs/tell.ts";
import { withAcceptance } from "../trail/filter.ts";
import { defaultSkewMs, openTrail } from "../trail/runTrail.ts";
import { openTrailSource } from "../trail/sources.ts";
import { newFile } from "./newFile.ts";
import type { reportOptions } from "./options.ts";
import { aboutPage, pageInput } from "./pageInput.ts";
import { readRawRecords } from "./readRawRecords.ts";

export const runReport: Handler<typeof reportOptions> = async (options, localIo) => {
  requireSource(options, options.source ?? "archive");
  const accepted = readAccepted(options.accept, localIo).trail;
  const file = newFile(options.out, options.force, localIo.cwd);
  const io = await onCloudTime(localIo);
  const source = await openTrailSource(options, io);
  const range = rangeFrom(options, io.now(), source.defaultSince);
  const write = async (spool: Spool, progress: Progress) => {
    const read = await source.read(range, undefined, progress);
    const settings = { ...range, skewMs: options.skew ?? defaultSkewMs, now: io.now() };
    const trail = openTrail(read, settings);
    const rows = new SpooledList<TrailRow>(spool);
    for await (const row of trail.rows()) rows.add(withAcceptance(row, accepted));
    const sessions = new SessionFlows(rows, read.surroundings.hosts, settings.skewMs);
    const records = await readRawRecords(spool, source, range, sessions, options, io, progress);
    const about = aboutPage(range, rows.at(0)?.start, options.source, io);
    progress.update("Writing the report");
    await file.write(pageFile(pageInput({ rows, records, trail, rests: read.rests, settings, about })), io.signal);
    return { rests: read.rests, count: rows.length };
  };
  const { rests, count } = await withProgress(io, "Reading", (progress) =>
    withSpool((spool) => write(spool, progress)),
  );
  await tellUnreadable(io, rests.unreadable, rests.unread);
  await note(io, visible(`${counted(count, "session")} written to ${file.path}.`));
  return exitCodeOfRead(rests.unread, options.strict);
};
