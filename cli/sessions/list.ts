/** `sessions ls` */
import { activeSessions } from "../../azure/activeSessions.ts";
import { openAccess } from "../access.ts";
import type { Input } from "../command.ts";
import type { sessionsLsOptions } from "../commands/sessionsLs.ts";
import { exitCodes, type ExitCode } from "../errors.ts";
import { note, type Io } from "../io.ts";
import { withProgress } from "../progress.ts";
import { formatOf, report } from "../reporters/report.ts";
import { rowsAt, sessionColumns } from "./columns.ts";
import { selected } from "./select.ts";
import { fillFromLog, tunnelLogFrom, type FilledSessions } from "./tunnelLog.ts";

export async function runSessionsLs(
  options: Input<typeof sessionsLsOptions>,
  io: Io,
  open: typeof openAccess = openAccess,
  openLog: typeof tunnelLogFrom = tunnelLogFrom,
): Promise<ExitCode> {
  formatOf(options);
  const { arm, settings } = await open(options, io);
  const filled = await withProgress(io, "Asking Bastion who is connected", async (progress) => {
    const live = await activeSessions(arm, await settings.need("bastionHostId"));
    return fillFromLog(live, openLog(options, io), io, progress);
  });
  const rows = rowsAt(selected(filled.sessions, options, arm.now()), arm.now());
  await report(io, options, {
    rows,
    columns: sessionColumns,
    json: { sessions: rows },
    empty: "Nobody is connected.",
  });
  await tellLog(io, filled);
  return exitCodes.fine;
}

/** Says where client address and person are not known, and why. */
export async function tellLog(io: Io, { sessions, unread }: FilledSessions): Promise<void> {
  if (unread !== undefined) {
    await note(io, `warning: the audit log was not read, so client addresses and persons are missing: ${unread}`);
    return;
  }
  const missing = sessions.filter(({ log }) => log === "missing").length;
  if (missing > 0) {
    await note(
      io,
      `note: the audit log has no record yet of ${missing} of ${sessions.length} sessions; records take from minutes to hours to arrive.`,
    );
  }
}
