/** `sessions kill` */
import { randomUUID } from "node:crypto";
import { activeSessions } from "../../azure/activeSessions.ts";
import { disconnectSessions, type Disconnection } from "../../azure/disconnectSessions.ts";
import { isSameId } from "../../azure/read.ts";
import { openAccess, type Access } from "../access.ts";
import { ActionRecord } from "../actionRecord.ts";
import type { Input } from "../command.ts";
import type { sessionsKillOptions } from "../commands/sessionsKill.ts";
import { confirm } from "../confirm.ts";
import { exitCodes, UserError, type ExitCode } from "../errors.ts";
import { note, type Io } from "../io.ts";
import { withProgress } from "../progress.ts";
import { formatOf, report, type Column } from "../reporters/report.ts";
import { rowsAt, type SessionRow } from "./columns.ts";
import { tellLog } from "./list.ts";
import { selected } from "./select.ts";
import { fillFromLog, tunnelLogFrom } from "./tunnelLog.ts";

type KillOptions = Input<typeof sessionsKillOptions>;

/** A session to be disconnected; `session` is absent where Azure does not list it any more. */
interface Target {
  readonly sessionId: string;
  readonly session: SessionRow | undefined;
}

interface KillRow {
  readonly sessionId: string;
  readonly outcome: Disconnection["outcome"];
  readonly message: string | null;
  readonly vm: string | null;
  readonly vmName: string | null;
  readonly person: string | null;
  readonly account: string | null;
  readonly clientIp: string | null;
  readonly start: string | null;
  readonly reason: string;
  readonly correlationId: string;
}

const columns: readonly Column<KillRow>[] = [
  { key: "sessionId", title: "SESSION", value: ({ sessionId }) => sessionId, whole: true },
  {
    key: "outcome",
    value: ({ outcome }) => outcome,
    colour: ({ outcome }) => (outcome === "failed" ? "red" : "green"),
    whole: true,
  },
  { key: "person", value: ({ person }) => person },
  { key: "account", value: ({ account }) => account, leaveOut: 1 },
  { key: "clientIp", title: "FROM", value: ({ clientIp }) => clientIp, leaveOut: 3 },
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "start", title: "SINCE", type: "time", value: ({ start }) => start, leaveOut: 2 },
  { key: "message", value: ({ message }) => message },
];

export async function runSessionsKill(
  options: KillOptions,
  io: Io,
  open: typeof openAccess = openAccess,
  openLog: typeof tunnelLogFrom = tunnelLogFrom,
): Promise<ExitCode> {
  formatOf(options);
  checkOptions(options);
  if (!options.yes && !io.isTty.stdin) {
    throw new UserError(
      "This disconnects people, and nobody is there to confirm it.",
      "Add --yes to go ahead without.",
    );
  }
  const reason = options.reason.trim();
  const access = await open(options, io);
  const bastion = await access.settings.need("bastionHostId");
  const { targets, unknown } = await findTargets(access, bastion, options, io, openLog);
  if (targets.length === 0) {
    await report(io, options, { rows: [], columns, json: { sessions: [] }, empty: "No live session fits." });
    return unknown === 0 ? exitCodes.fine : exitCodes.findings;
  }
  if (!options.yes && !(await confirmed(io, targets))) {
    await note(io, "Nothing was disconnected.");
    return exitCodes.failure;
  }
  const rows = await disconnect(access, bastion, targets, reason, io);
  await report(io, options, { rows, columns, json: { sessions: rows }, empty: "" });
  const failed = rows.filter(({ outcome }) => outcome === "failed").length;
  const isFine = failed === 0 && unknown === 0;
  return isFine ? exitCodes.fine : failed === rows.length ? exitCodes.failure : exitCodes.findings;
}

function checkOptions({ operands, user, vm, olderThan, reason }: KillOptions): void {
  const filters = [user, vm, olderThan].some((value) => value !== undefined);
  if (filters === operands.length > 0) {
    throw new UserError(
      filters ? "Sessions are named, and chosen by an option too." : "It is not said which sessions.",
      "Give session ids, or one or more of --user, --vm and --older-than.",
    );
  }
  if (reason.trim() === "") {
    throw new UserError("--reason is empty.", "Say why the sessions are disconnected.");
  }
}

interface Found {
  readonly targets: readonly Target[];
  /** Sessions that may be --user's too: the log does not say whose they are. */
  readonly unknown: number;
}

/** The sessions that are meant, with what is known of them. */
async function findTargets(
  { arm }: Access,
  bastion: string,
  options: KillOptions,
  io: Io,
  openLog: typeof tunnelLogFrom,
): Promise<Found> {
  const filled = await withProgress(io, "Asking Bastion who is connected", async (progress) =>
    fillFromLog(await activeSessions(arm, bastion), openLog(options, io), io, progress),
  );
  await tellLog(io, filled);
  const live = rowsAt(filled.sessions, arm.now());
  if (options.operands.length === 0) {
    const fitting = selected(live, options, arm.now());
    const others =
      options.user === undefined ? [] : live.filter((session) => session.person === null && !fitting.includes(session));
    if (others.length > 0) {
      await note(
        io,
        `warning: of ${counted(others.length)} it is not known whose; nothing was done to them. See: bastion-trail sessions ls`,
      );
    }
    return { targets: fitting.map((session) => ({ sessionId: session.sessionId, session })), unknown: others.length };
  }
  const ids = options.operands.filter((id, index, all) => all.findIndex((other) => isSameId(other, id)) === index);
  const targets = ids.map((id) => {
    const session = live.find(({ sessionId }) => isSameId(sessionId, id));
    return { sessionId: session?.sessionId ?? id, session };
  });
  return { targets, unknown: 0 };
}

function counted(sessions: number): string {
  return `${sessions} session${sessions === 1 ? "" : "s"}`;
}

async function confirmed(io: Io, targets: readonly Target[]): Promise<boolean> {
  const lines = targets.map(({ sessionId, session }) =>
    session === undefined
      ? `  ${sessionId}  is gone already`
      : `  ${sessionId}  ${session.person ?? session.account ?? "somebody"} on ${session.vmName ?? "a VM"} since ${session.start}`,
  );
  await note(io, lines.join("\n"));
  return confirm(io, `Disconnect ${targets.length === 1 ? "this session" : `these ${targets.length} sessions`}?`);
}

/** Records that it is asked for, asks, and records what became of it: a call that is cut off leaves a trace too. */
async function disconnect(
  { arm }: Access,
  bastion: string,
  targets: readonly Target[],
  reason: string,
  io: Io,
): Promise<KillRow[]> {
  const correlationId = randomUUID();
  const record = await ActionRecord.open(io, arm, { action: "sessions kill", reason });
  const recordAll = (results: readonly (Pick<KillRow, "sessionId" | "message"> & { readonly outcome: string })[]) =>
    record.add(
      results.map(({ sessionId, outcome, message }) => {
        const session = targets.find((target) => target.sessionId === sessionId)?.session ?? null;
        return { target: sessionId, outcome, message, correlationId, details: { bastion, session } };
      }),
    );
  await recordAll(targets.map(({ sessionId }) => ({ sessionId, outcome: "asked", message: null })));
  const ids = targets.map(({ sessionId }) => sessionId);
  const results = await withProgress(io, "Disconnecting", () =>
    disconnectSessions(arm, bastion, ids, correlationId),
  ).catch(async (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    await recordAll(ids.map((sessionId) => ({ sessionId, outcome: "failed", message })));
    throw error;
  });
  await recordAll(results);
  return results.map(({ sessionId, outcome, message }) => {
    const session = targets.find((target) => target.sessionId === sessionId)?.session;
    return {
      sessionId,
      outcome,
      message,
      vm: session?.vm ?? null,
      vmName: session?.vmName ?? null,
      person: session?.person ?? null,
      account: session?.account ?? null,
      clientIp: session?.clientIp ?? null,
      start: session?.start ?? null,
      reason,
      correlationId,
    };
  });
}
