/** `sessions ls` */
import { openArm } from "../../armAccess.ts";
import type { Input } from "../../command.ts";
import type { sessionsLsOptions } from "./lsOptions.ts";
import { exitCodes, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { whoseSession } from "../../names/person.ts";
import { withProgress } from "../../progress.ts";
import { report, requireOneFormat } from "../../reporters/report.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { rememberNames } from "../../seenNames.ts";
import { tellOdd } from "../../tellOdd.ts";
import type { SettingsFlags } from "../../settings/settingValues.ts";
import { rowsAt, sessionColumns } from "./columns.ts";
import { readLiveSessions } from "./liveSessions.ts";
import { selected, unknownUsers, vmProblem } from "./select.ts";
import { fillFromLog, tunnelLogFrom, type FilledSessions, type LiveSession } from "./tunnelLog.ts";

export async function runSessionsLs(
  options: Input<typeof sessionsLsOptions>,
  io: Io,
  open: typeof openArm = openArm,
  openLog: typeof tunnelLogFrom = tunnelLogFrom,
): Promise<ExitCode> {
  requireOneFormat(options);
  const log = openLog(options, io);
  const { arm, settings } = await open(options, io);
  const { live, filled } = await withProgress(io, "Asking Bastion who is connected", async (progress) => {
    const live = await readLiveSessions(arm, await settings.need("bastionHostId"));
    return {
      live,
      filled: await fillFromLog({ sessions: live.sessions, now: arm.now() }, log, io, progress),
    };
  });
  const chosen = selected(filled.sessions, options, arm.now());
  const rows = rowsAt(chosen, arm.now());
  if (!options.noCache) {
    await rememberSessions(filled.sessions, options, io);
  }
  await report(io, options, {
    rows,
    columns: sessionColumns,
    json: { sessions: rows },
    empty: live.sessions.length + live.odd.length === 0 ? "No open sessions." : "No open sessions match.",
  });
  await tellOdd(io, live.odd);
  const problem = vmProblem(options.vm, live);
  if (problem !== undefined) {
    await note(io, `warning: ${visible(problem)}`);
  }
  const unclear = unknownUsers(filled.sessions, chosen, options);
  if (unclear > 0) {
    const count =
      unclear === 1 ? "1 session has no known user and is" : `${unclear} sessions have no known user and are`;
    await note(io, `warning: ${count} not shown. Leave out --user to see all.`);
  }
  await tellLog(io, filled);
  return problem === undefined && unclear === 0 && filled.unread === undefined && live.odd.length === 0
    ? exitCodes.fine
    : exitCodes.findings;
}

/** Stores the ids of open sessions for completion, with person and VM as hints. */
export async function rememberSessions(sessions: readonly LiveSession[], flags: SettingsFlags, io: Io): Promise<void> {
  const names = sessions.map((session) => ({ name: session.sessionId, hint: whoseSession(session) }));
  await rememberNames("session", names, flags, io);
}

/** Explains why client addresses and persons are missing. */
export async function tellLog(io: Io, { sessions, unread }: FilledSessions): Promise<void> {
  if (unread !== undefined) {
    const reason = visible(`${unread.message} ${unread.nextStep}`.trim());
    await note(io, `warning: client addresses and persons are missing, because the audit log was not read: ${reason}`);
    return;
  }
  const missing = sessions.filter(({ log }) => log === "missing").length;
  if (missing > 0) {
    await note(
      io,
      `note: the audit log has no record yet of ${missing} of ${sessions.length} sessions. Records take minutes to hours to arrive.`,
    );
  }
}
