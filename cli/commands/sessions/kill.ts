/** `sessions kill` */
import { randomUUID } from "node:crypto";
import { disconnectSessions, type Disconnection } from "../../azure/disconnectSessions.ts";
import { openArm, type ArmAccess } from "../../armAccess.ts";
import { ActionRecord } from "../../actionRecord.ts";
import { confirm, requireTerminal } from "../../confirm.ts";
import { exitCodeOfActions, exitCodes, UserError, type ActionResult, type ExitCode } from "../../errors.ts";
import { requireReason } from "../../reason.ts";
import { note, type Io } from "../../io.ts";
import { shownPerson, whoseSession } from "../../names/person.ts";
import { withProgress } from "../../progress.ts";
import { report, requireOneFormat } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { formatTime, type TimeStyle } from "../../time.ts";
import type { SessionRow } from "./columns.ts";
import { findKillTargets, type AbsentSession, type KillOptions } from "./killTargets.ts";
import { rememberSessions } from "./list.ts";
import { tunnelLogFrom } from "./tunnelLog.ts";

export interface KillRow {
  readonly sessionId: string;
  readonly outcome: Disconnection["outcome"] | AbsentSession["outcome"];
  readonly message: string | null;
  readonly vm: string | null;
  readonly vmName: string | null;
  readonly person: string | null;
  readonly account: string | null;
  readonly clientIp: string | null;
  readonly start: string | null;
  readonly reason: string;
  /** The `correlationId` in the activity log; null if Azure was not called. */
  readonly correlationId: string | null;
}

export const killColumns: readonly Column<KillRow>[] = [
  { key: "start", title: "SINCE", type: "time", value: ({ start }) => start, leaveOut: 1 },
  { key: "person", value: ({ person }) => person, short: shownPerson },
  { key: "account", value: ({ account }) => account, leaveOut: 3 },
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "sessionId", title: "SESSION", type: "id", value: ({ sessionId }) => sessionId },
  {
    key: "outcome",
    value: ({ outcome }) => outcome,
    colour: ({ outcome }) => (outcome === "failed" || outcome === "not-found" ? "red" : "green"),
  },
  { key: "clientIp", title: "FROM", value: ({ clientIp }) => clientIp, leaveOut: 2 },
  { key: "message", type: "message", value: ({ message }) => message },
];

export async function runSessionsKill(
  options: KillOptions,
  io: Io,
  open: typeof openArm = openArm,
  openLog: typeof tunnelLogFrom = tunnelLogFrom,
): Promise<ExitCode> {
  requireOneFormat(options);
  checkOptions(options);
  const reason = requireReason(options.reason, "State why the sessions are disconnected.");
  if (!options.yes) {
    requireTerminal(io);
  }
  const log = openLog(options, io);
  const access = await open(options, io);
  const bastion = await access.settings.need("bastionHostId");
  const record = await ActionRecord.open(io, access.arm, { action: "sessions kill", reason });
  const targets = await findKillTargets(access, bastion, options, record, io, log);
  if (targets.open.length > 0 && !options.yes && !(await confirmed(io, targets.open, options))) {
    await note(io, "Nothing was disconnected.");
    return exitCodes.failure;
  }
  const killed = targets.open.length === 0 ? [] : await disconnect(access, bastion, targets.open, record, io);
  const isLeft = ({ sessionId }: SessionRow) =>
    !killed.some((row) => row.sessionId === sessionId && row.outcome !== "failed");
  if (!options.noCache) {
    await rememberSessions(targets.all.filter(isLeft), options, io);
  }
  const done = new Map(
    [...killed, ...targets.absent.map(rowOfAbsent)].map((row) => [row.sessionId.toLowerCase(), row]),
  );
  const rows = targets.ids.flatMap((id) => done.get(id) ?? []).map((row) => ({ ...row, reason }));
  await report(io, options, { rows, columns: killColumns, json: { sessions: rows }, empty: "No open sessions match." });
  return record.exitCode(exitCodeOfActions([...rows.map(({ outcome }) => results[outcome]), ...targets.unmatched]));
}

const results = {
  disconnected: "done",
  gone: "done",
  "not-found": "failed",
  failed: "failed",
} as const satisfies Record<KillRow["outcome"], ActionResult>;

function checkOptions({ operands, user, vm, olderThan }: KillOptions): void {
  const filters = [user, vm, olderThan].some((value) => value !== undefined);
  if (filters && operands.length > 0) {
    throw new UserError(
      "Session ids and filters cannot be combined.",
      "The filters are --user, --vm and --older-than.",
    );
  }
  if (!filters && operands.length === 0) {
    throw new UserError("No sessions given.", "Pass session ids, or one or more of --user, --vm and --older-than.");
  }
}

async function confirmed(io: Io, sessions: readonly SessionRow[], style: TimeStyle): Promise<boolean> {
  const lines = sessions.map((session) =>
    visible(`${session.sessionId}  ${whoseSession(session)} since ${formatTime(session.start, style)}`),
  );
  await note(io, lines.map((line) => `  ${line}`).join("\n"));
  return confirm(io, `Disconnect ${sessions.length === 1 ? "this session" : `these ${sessions.length} sessions`}?`);
}

/**
 * Disconnects sessions. Writes to the record before and after the call, so that an interrupted call leaves a trace too.
 */
async function disconnect(
  { arm }: ArmAccess,
  bastion: string,
  sessions: readonly SessionRow[],
  record: ActionRecord,
  io: Io,
): Promise<Omit<KillRow, "reason">[]> {
  const correlationId = randomUUID();
  const ids = sessions.map(({ sessionId }) => sessionId);
  const sessionOf = (id: string) => sessions.find(({ sessionId }) => sessionId === id);
  const entryOf = (id: string) => ({ target: id, correlationId, details: { bastion, session: sessionOf(id) ?? null } });
  const recordAll = (outcome: (id: string) => { readonly outcome: string; readonly message: string | null }) =>
    record.add(ids.map((id) => ({ ...entryOf(id), ...outcome(id) })));
  await record.addAsked(ids.map(entryOf));
  const results = await withProgress(io, "Disconnecting", () =>
    disconnectSessions(arm, bastion, ids, correlationId),
  ).catch(async (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    await recordAll(() => ({ outcome: io.signal.aborted ? "interrupted" : "failed", message }));
    if (io.signal.aborted) {
      const [which, who] = ids.length === 1 ? ["the session", "it"] : [`${ids.length} sessions`, "they"];
      await note(
        io,
        `Interrupted after Azure was asked to disconnect ${which}: ${who} may have ended. Check with: bastion-trail sessions ls`,
      );
    }
    throw error;
  });
  const resultOf = new Map(results.map((result) => [result.sessionId, result]));
  await recordAll((id) => ({
    outcome: resultOf.get(id)?.outcome ?? "failed",
    message: resultOf.get(id)?.message ?? null,
  }));
  return results.map(({ sessionId, outcome, message }) => ({
    ...rowOf(sessionId, sessionOf(sessionId)),
    outcome,
    message,
    correlationId,
  }));
}

function rowOfAbsent({ sessionId, outcome, message, session }: AbsentSession): Omit<KillRow, "reason"> {
  return { ...rowOf(sessionId, session), outcome, message, correlationId: null };
}

function rowOf(sessionId: string, session: AbsentSession["session"]) {
  return {
    sessionId,
    vm: session?.vm ?? null,
    vmName: session?.vmName ?? null,
    person: session?.person ?? null,
    account: session?.account ?? null,
    clientIp: session?.clientIp ?? null,
    start: session?.start ?? null,
  };
}
