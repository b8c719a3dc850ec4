/** Messages beside the sessions, on stderr: the coverage, and what could not be read. */
import type { Coverage, Unread, Unreadable } from "../audit/records/types.ts";
import { unreadText } from "../audit/records/unreadText.ts";
import type { TrailRests } from "../audit/trail/auditCoverage.ts";
import type { LogCoverage } from "../audit/trail/types.ts";
import { counted } from "../counted.ts";
import { note, type Io } from "../io.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { formatDuration, formatTime, type TimeStyle } from "../time.ts";

/** Number of lines that are listed individually. */
const named = 10;

/**
 * Lists what could not be read, the first places with file and line.
 * @param unread totals, because not all places are kept.
 */
export async function tellUnreadable(io: Io, unreadable: readonly Unreadable[], unread: Unread): Promise<void> {
  const count = unread.lost + unread.aside;
  if (count === 0) {
    return;
  }
  const lines = unreadable
    .slice(0, named)
    .map(
      ({ file, line, reason }) => `  ${visible(`${[file, ...(line === null ? [] : [line])].join(":")}: ${reason}`)}`,
    );
  const listed = count > unreadable.length ? `the first ${unreadable.length}` : "all of them";
  const more = count > named ? [`  and ${count - named} more: --json lists ${listed}`] : [];
  await note(io, [`warning: ${unreadText(unread, unreadable)}:`, ...lines, ...more].join("\n"));
}

/**
 * Writes one line on how much was read and how recent it is.
 * @param rows what was shown: `2 sessions`.
 */
export async function tellCoverage(io: Io, rows: string, coverage: Coverage, local: boolean): Promise<void> {
  const read = [counted(coverage.recordsRead, "record"), ...filesOf(coverage)].join(" in ");
  const duplicates = coverage.duplicates > 0 ? `, ${coverage.duplicates} of them twice` : "";
  const told = [
    `${rows} from ${read}${duplicates}.`,
    freshness(coverage, io.now(), local),
    ...lateness(coverage, io.now(), local),
  ];
  await note(io, told.join(" "));
  await tellOtherLogs(io, coverage.otherLogs);
}

/** Writes one line on how far each log behind a trail was read, and reports the entries of other logs. */
export async function tellLogs(io: Io, { logs, otherLogs }: TrailRests, style: TimeStyle): Promise<void> {
  const audit = logs.audit.state === "none" ? "No audit record was found. " : "";
  const flows = logs.flows.state === "none" ? " No flow log was read." : "";
  await note(io, `${audit}The activity log ${extentOf(logs.activity, style)}.${flows}`);
  await tellOtherLogs(io, otherLogs);
}

/** What was read of a log, in words. */
function extentOf({ from, until, gaps }: LogCoverage, style: TimeStyle): string {
  if (until === null) return "was not read";
  const begin = from === null ? "" : ` from ${formatTime(from, style)}`;
  const broken = gaps.length === 0 ? "" : `, with ${counted(gaps.length, "gap")}`;
  return `is complete${begin} until ${formatTime(until, style)}${broken}`;
}

/** Reports the entries of other logs, by category. */
export async function tellOtherLogs(io: Io, otherLogs: Coverage["otherLogs"]): Promise<void> {
  const logs = Object.entries(otherLogs);
  if (logs.length > 0) {
    const count = logs.reduce((sum, [, entries]) => sum + entries, 0);
    const each = logs.map(([name, entries]) => `${entries} ${name}`).join(", ");
    await note(io, visible(`Skipped ${counted(count, "entry", "entries")} of other logs: ${each}.`));
  }
}

/** Records of a range that has ended may have been received later than the read records. */
function lateness({ to, receivedUntil }: Coverage, now: Date, local: boolean): string[] {
  if (to === null || receivedUntil === null) return [];
  const isAll = Date.parse(receivedUntil) >= now.getTime();
  const further = isAll ? "" : " Use --late to read later ones.";
  return [`Read: records received until ${formatTime(receivedUntil, { local })}.${further}`];
}

function filesOf({ hoursRead }: Coverage): string[] {
  return hoursRead === null ? [] : [counted(hoursRead, "file")];
}

function freshness({ lastRecord }: Coverage, now: Date, local: boolean): string {
  if (lastRecord === null) {
    return "No record has arrived.";
  }
  const seconds = (now.getTime() - Date.parse(lastRecord)) / 1000;
  const age = seconds < 0 ? "" : ` (${formatDuration(seconds)} ago)`;
  return `Last record: ${formatTime(lastRecord, { local })}${age}.`;
}
