/** Which sessions `sessions kill` disconnects. */
import { isSameId } from "../../azure/read.ts";
import type { ActionRecord } from "../actionRecord.ts";
import type { Access } from "../access.ts";
import type { Input } from "../command.ts";
import type { sessionsKillOptions } from "../commands/sessionsKill.ts";
import { didYouMean, listNames } from "../didYouMean.ts";
import { note, type Io } from "../io.ts";
import { withProgress } from "../progress.ts";
import { visible } from "../reporters/visible.ts";
import { rowsAt, type SessionRow } from "./columns.ts";
import { tellLog } from "./list.ts";
import { readLiveSessions } from "./liveSessions.ts";
import { selected, vmProblem } from "./select.ts";
import { fillFromLog, type FilledSessions, type tunnelLogFrom } from "./tunnelLog.ts";

export type KillOptions = Input<typeof sessionsKillOptions>;

/** A session that was named and is not open. */
export interface AbsentSession {
  readonly sessionId: string;
  /** `gone`: it was open before. `not-found`: nothing knows it. */
  readonly outcome: "gone" | "not-found";
  readonly message: string;
  readonly session: Pick<SessionRow, "vm" | "vmName" | "person" | "account" | "clientIp" | "start"> | undefined;
}

export interface KillTargets {
  /** Every session that is open. */
  readonly all: readonly SessionRow[];
  readonly open: readonly SessionRow[];
  readonly absent: readonly AbsentSession[];
  /** Whether something that was asked for could not be found: a session, a VM, the user of a session. */
  readonly isIncomplete: boolean;
}

export async function findKillTargets(
  { arm }: Access,
  bastion: string,
  options: KillOptions,
  record: ActionRecord,
  io: Io,
  openLog: typeof tunnelLogFrom,
): Promise<KillTargets> {
  const ids = distinct(options.operands);
  const { live, filled } = await withProgress(io, "Asking Bastion who is connected", async (progress) => {
    const live = await readLiveSessions(arm, bastion);
    const others = ids.filter((id) => !live.sessions.some(({ sessionId }) => isSameId(sessionId, id)));
    const wanted = { sessions: live.sessions, others, now: arm.now() };
    return { live, filled: await fillFromLog(wanted, openLog(options, io), io, progress) };
  });
  await tellLog(io, filled);
  const sessions = rowsAt(filled.sessions, arm.now());
  if (ids.length === 0) {
    const open = selected(sessions, options, arm.now());
    const isIncomplete = await tellUnclear(io, sessions, open, options, vmProblem(options.vm, live));
    return { all: sessions, open, absent: [], isIncomplete };
  }
  const open = ids.flatMap((id) => sessions.filter(({ sessionId }) => isSameId(sessionId, id)));
  const killed = await killedBefore(record);
  const absent = ids
    .filter((id) => !open.some(({ sessionId }) => isSameId(sessionId, id)))
    .map((id) => absentSession(id, sessions, filled, killed));
  const unknown = absent.filter(({ outcome }) => outcome === "not-found");
  for (const { message } of unknown) {
    await note(io, `error: ${visible(message)}`);
  }
  return { all: sessions, open, absent, isIncomplete: unknown.length > 0 };
}

/** Says what the filters could not decide. @returns whether there is anything. */
async function tellUnclear(
  io: Io,
  sessions: readonly SessionRow[],
  chosen: readonly SessionRow[],
  { user }: KillOptions,
  problem: string | undefined,
): Promise<boolean> {
  if (problem !== undefined) {
    await note(io, `error: ${visible(problem)}`);
  }
  const unclear = user === undefined ? [] : sessions.filter((one) => one.person === null && !chosen.includes(one));
  if (unclear.length > 0) {
    const [count, verb] = unclear.length === 1 ? ["1 session has", "was"] : [`${unclear.length} sessions have`, "were"];
    await note(io, `warning: ${count} no known user and ${verb} left connected. See: bastion-trail sessions ls`);
  }
  return problem !== undefined || unclear.length > 0;
}

function absentSession(
  id: string,
  open: readonly SessionRow[],
  { ended }: FilledSessions,
  killed: ReadonlySet<string>,
): AbsentSession {
  const found = ended?.get(id.toLowerCase());
  if (found !== undefined || killed.has(id.toLowerCase())) {
    return { sessionId: id, outcome: "gone", message: "The session has ended already.", session: found };
  }
  const ids = open.map(({ sessionId }) => sessionId);
  const suggestion =
    didYouMean(id, ids) || (ids.length === 0 ? "No session is open." : `Open sessions: ${listNames(ids)}.`);
  const unsure = ended !== undefined ? "" : " The audit log was not read, so it may have ended.";
  return {
    sessionId: id,
    outcome: "not-found",
    message: `There is no session '${id}'.${unsure} ${suggestion}`,
    session: undefined,
  };
}

/** Ids of the sessions that this CLI has disconnected, in lower case. Logs take hours to know that they were there. */
async function killedBefore(record: ActionRecord): Promise<ReadonlySet<string>> {
  const entries = await record.entries();
  const done = entries.filter(({ action, outcome }) => action === "sessions kill" && outcome === "disconnected");
  return new Set(done.map(({ target }) => target.toLowerCase()));
}

function distinct(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.findIndex((other) => isSameId(other, id)) === index);
}
