/** `logs`. */
import type { LogResult, SessionFilter } from "../../audit/records/types.ts";
import { onCloudTime } from "../../sources/cloudTime.ts";
import type { Handler } from "../../command.ts";
import { defaultIntervalMs, type logsOptions } from "./options.ts";
import { asOne, exitCodeOfRead, together, UserError, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { explain } from "../../presentError.ts";
import { withProgress } from "../../progress.ts";
import { formatOf, report, tail } from "../../reporters/report.ts";
import { defaultSource, requireLogSource } from "../../sources/sourceFlags.ts";
import { suggestPerson } from "../../names/person.ts";
import { suggestVm } from "../../names/vmName.ts";
import { spelledSessions } from "../../names/vmSpelling.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { columnsFor } from "./columns.ts";
import { checkAddress, filterFrom } from "./filter.ts";
import { follow } from "./follow.ts";
import { listRecords } from "./listRecords.ts";
import { oneTunnel } from "./oneTunnel.ts";
import { openAuditSource, type AuditRead, type AuditSource } from "../../sources/auditSource.ts";
import { counted } from "../../counted.ts";
import { checkRange } from "../../timeRange.ts";
import { tellCoverage, tellUnreadable } from "../../sources/tellRead.ts";

type LogsHandler = Handler<typeof logsOptions>;
type LogsOptions = Parameters<LogsHandler>[0];

export const runLogs: LogsHandler = async (options, localIo) => {
  const [format] = together(
    () => formatOf(options),
    () => {
      checkFollow(options);
    },
    () => {
      checkRange(options);
    },
    () => {
      checkAddress(options);
    },
    () => {
      requireLogSource(options, options.source ?? defaultSource);
    },
  );
  const io = await onCloudTime(localIo);
  const source = await openAuditSource(options, io);
  const filter = { ...filterFrom(options, io.now(), source.defaultSince), ...source.scope };
  if (options.follow) {
    return followLogs(source, filter, options, io);
  }
  if (options.records) {
    return exitCodeOfRead(await listRecords(source, filter, options, io), options.strict);
  }
  const found = await withProgress(io, "Reading", (progress) => source.read(filter, progress));
  if (found === undefined) {
    throw new Error("A source's first read gives no result.");
  }
  const isNarrow = Object.keys(filter).some((name) => name !== "from" && name !== "bastion");
  const result = isNarrow && source.newest !== undefined ? withNewest(found, await source.newest(filter)) : found;
  const rows = spelledSessions(oneTunnel(result.sessions, filter.tunnel), await source.vms());
  const sessions = await report(io, options, {
    rows,
    columns: columnsFor(format),
    json: { sessions: rows, unreadable: () => result.unreadable, coverage: () => result.coverage },
    empty: "No sessions.",
  });
  await tell(io, options, sessions, result);
  if (sessions === 0 && options.vm !== undefined) await suggestVm(io, options.vm, await source.vms());
  if (sessions === 0 && options.user !== undefined) await suggestPerson(io, options.user, result.otherPeople);
  return exitCodeOfRead(result.unread, options.strict);
};

/** @throws `UserError` with every option that contradicts --follow, or requires it. */
function checkFollow({ follow, interval, records, to }: LogsOptions): void {
  const problem = asOne([
    ...(interval !== undefined && !follow
      ? [new UserError("--interval requires --follow.", "Add --follow, or omit --interval.")]
      : []),
    ...(records && follow
      ? [new UserError("--follow shows sessions, not records.", "Leave out --records or --follow.")]
      : []),
    ...(to !== undefined && follow
      ? [new UserError("--follow has no end, and shows what is new.", "Leave out --to or --follow.")]
      : []),
  ]);
  if (problem !== undefined) throw problem;
}

function withNewest(result: AuditRead, newest: Date | undefined): AuditRead {
  return { ...result, coverage: { ...result.coverage, lastRecord: newest?.toISOString() ?? null } };
}

async function tell(io: Io, options: LogsOptions, sessions: number, result: LogResult): Promise<void> {
  await tellUnreadable(io, result.unreadable, result.unread);
  if (formatOf(options) !== "json") {
    await tellCoverage(io, counted(sessions, "session"), result.coverage, options.local);
  }
}

async function followLogs(source: AuditSource, filter: SessionFilter, options: LogsOptions, io: Io): Promise<ExitCode> {
  const unread = { lost: 0, aside: 0 };
  const sessions = follow(
    {
      read: async () => {
        const result = await withProgress(io, "Reading", (progress) => source.read(filter, progress));
        return result && { ...result, sessions: oneTunnel(result.sessions, filter.tunnel) };
      },
      interval: options.interval ?? defaultIntervalMs,
      onUnreadable: async ({ places, more }) => {
        unread.lost += more.lost;
        unread.aside += more.aside;
        await tellUnreadable(io, places, more);
      },
      onFailure: async (error) => {
        await note(io, visible(`warning: ${explain(error).message} Retrying.`));
      },
    },
    io,
  );
  await tail(io, options, spelledSessions(sessions, await source.vms()), columnsFor(formatOf(options)));
  return exitCodeOfRead(unread, options.strict);
}
