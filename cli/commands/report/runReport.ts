/** `report`. */
import { readAccepted, tellExpired, tellUnused, type AcceptedSession } from "../../acceptedFindings.ts";
import { onCloudTime } from "../../sources/cloudTime.ts";
import type { Handler } from "../../command.ts";
import { exitCodeOfRead, together } from "../../errors.ts";
import { note } from "../../io.ts";
import { withProgress, type Progress } from "../../progress.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { defaultSource, requireSource } from "../../sources/sourceFlags.ts";
import { withSpool, type Spool } from "../../files/spool.ts";
import { checkRange, rangeFrom } from "../../timeRange.ts";
import { counted } from "../../counted.ts";
import { tellLogs, tellUnreadable } from "../../sources/tellRead.ts";
import { openTrailSource } from "../../sources/trailSource.ts";
import { newFile } from "./newFile.ts";
import type { reportOptions } from "./options.ts";
import { readReport } from "./readReport.ts";

export const runReport: Handler<typeof reportOptions> = async (options, localIo) => {
  const [accepted, file] = together(
    () => readAccepted("trail", options.accept, localIo),
    () => newFile(options.out, options.force, localIo.cwd),
    () => {
      checkRange(options);
    },
    () => {
      requireSource(options, options.source ?? defaultSource);
    },
  );
  const io = await onCloudTime(localIo);
  const source = await openTrailSource(options, io);
  const range = rangeFrom(options, io.now(), source.defaultSince);
  const used = new Set<AcceptedSession>();
  const asked = { source, range, flags: options, accepted: accepted.entries, used, skewMs: options.skew };
  const write = async (spool: Spool, progress: Progress) => {
    const { rows, rests, page } = await readReport(spool, asked, io, progress);
    progress.update("Writing the report");
    await file.write(page, io.signal);
    return { rests, count: rows.length };
  };
  const { rests, count } = await withProgress(io, "Reading", (progress) =>
    withSpool((spool) => write(spool, progress)),
  );
  await tellUnreadable(io, rests.unreadable, rests.unread);
  await tellExpired(io, options.accept, accepted);
  await tellUnused(io, "No session of the time range", options.accept, accepted, used);
  await tellLogs(io, rests, {});
  await note(io, visible(`${counted(count, "session")} written to ${file.path}.`));
  return exitCodeOfRead(rests.unread, options.strict);
};
