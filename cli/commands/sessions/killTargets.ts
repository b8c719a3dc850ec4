/** Determines the sessions that `sessions kill` disconnects. */
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import type { ActionRecord } from "../../actionRecord.ts";
import type { ArmAccess } from "../../armAccess.ts";
import type { Input } from "../../command.ts";
import type { sessionsKillOptions } from "./killOptions.ts";
import { didYouMean, listNames } from "../../names/didYouMean.ts";
import { asOne, UserError, type ActionResult } from "../../errors.ts";
import { ambiguousId, idsMeant, typedId } from "../../names/idPrefix.ts";
import { note, type Io } from "../../io.ts";
import { whoseSession } from "../../names/person.ts";
import { vmSpelling } from "../../names/vmSpelling.ts";
import { withProgress } from "../../progress.ts";
import { tellOdd } from "../../tellOdd.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { rowsAt, type SessionRow } from "./columns.ts";
import { tellLog } from "./list.ts";
import { readLiveSessions } from "./liveSessions.ts";
import { selected, unknownUsers, vmProblem } from "./select.ts";
import { fillFromLog, type FilledSessions, type tunnelLogFrom } from "./tunnelLog.ts";

export type KillOptions = Input<typeof sessionsKillOptions>;

/** A requested session that is not open. */
export interface AbsentSession {
  readonly sessionId: string;
  /** `gone`: it was open before. `not-found`: it is unknown. */
  readonly outcome: "gone" | "not-found";
  readonly message: string;
  readonly session: Pick<SessionRow, "vm" | "vmName" | "person" | "account" | "clientIp" | "start"> | undefined;
}

export interface KillTargets {
  /** All open sessions. */
  readonly all: readonly SessionRow[];
  /** Ids of the requested sessions, in lower case and in the order requested. */
  readonly ids: readonly string[];
  readonly open: readonly SessionRow[];
  readonly absent: readonly AbsentSession[];
  /** `failed` for a VM that does not exist, `partly` for sessions whose user is unknown, or that cannot be read. */
  readonly unmatched: readonly ActionResult[];
}

export async function findKillTargets(
  { arm }: ArmAccess,
  bastion: string,
  options: KillOptions,
  record: ActionRecord,
  io: Io,
  log: ReturnType<typeof tunnelLogFrom>,
): Promise<KillTargets> {
  const typed = options.operands.map(typedId);
  const { live, filled } = await withProgress(io, "Asking Bastion who is connected", async (progress) => {
    const live = await readLiveSessions(arm, bastion);
    const others = typed.filter((id) => openMeant(id, live.sessions).length === 0);
    const wanted = { sessions: live.sessions, others, now: arm.now() };
    return { live, filled: await fillFromLog(wanted, log, io, progress) };
  });
  await tellLog(io, filled);
  await tellOdd(io, live.odd);
  const left = live.odd.map(() => "partly" as const);
  const sessions = rowsAt(filled.sessions, arm.now());
  if (typed.length === 0) {
    const open = selected(sessions, options, arm.now());
    const unmatched = await tellUnmatched(io, sessions, open, options, vmProblem(options.vm, live));
    return { all: sessions, ids: idsOf(open), open, absent: [], unmatched: [...unmatched, ...left] };
  }
  const known = { ...filled, killed: await killedBefore(record), spell: vmSpelling(live.vms) };
  const found = typed.map((id) => targetOf(id, sessions, known));
  // No session is disconnected until all ids are clear.
  const unclear = asOne(found.flatMap((one) => (one instanceof UserError ? one : [])));
  if (unclear !== undefined) throw unclear;
  const targets = found.flatMap((one) => (one instanceof UserError ? [] : one));
  const open = distinct(targets.flatMap((target) => ("log" in target ? target : [])));
  const absent = distinct(targets.flatMap((target) => ("log" in target ? [] : target)));
  for (const { message } of absent.filter(({ outcome }) => outcome === "not-found")) {
    await note(io, `error: ${visible(message)}`);
  }
  return { all: sessions, ids: idsOf(targets), open, absent, unmatched: [] };
}

/** Minimum length of an id prefix: a typing error must not end a session. */
const shortestBeginning = 4;

/** The open sessions that an id or its prefix matches. */
function openMeant<Open extends { readonly sessionId: string }>(typed: string, sessions: readonly Open[]): Open[] {
  const ids = meant(
    typed,
    sessions.map(({ sessionId }) => sessionId),
  );
  return sessions.filter(({ sessionId }) => ids.includes(sessionId));
}

function meant(typed: string, ids: readonly string[]): string[] {
  return idsMeant(typed, ids).filter((id) => typed.length >= shortestBeginning || isSameIgnoringCase(id, typed));
}

/** Sessions that have ended. */
interface EndedSessions extends Pick<FilledSessions, "ended"> {
  /** Ids of those that this CLI has disconnected, in lower case. */
  readonly killed: ReadonlySet<string>;
  readonly spell: ReturnType<typeof vmSpelling>;
}

/** @returns an error naming the candidates, if there are several. */
function targetOf(
  typed: string,
  sessions: readonly SessionRow[],
  known: EndedSessions,
): SessionRow | AbsentSession | UserError {
  const [one, ...others] = openMeant(typed, sessions);
  if (one === undefined) {
    return absentSession(typed, sessions, known);
  }
  if (others.length > 0) {
    const candidates = [one, ...others].map((session) => `${session.sessionId} (${whoseSession(session)})`);
    return ambiguousId(typed, candidates, "session ids");
  }
  return one;
}

/** Reports a VM that does not exist, and sessions that the filters could not decide on. */
async function tellUnmatched(
  io: Io,
  sessions: readonly SessionRow[],
  chosen: readonly SessionRow[],
  options: KillOptions,
  problem: string | undefined,
): Promise<ActionResult[]> {
  if (problem !== undefined) {
    await note(io, `error: ${visible(problem)}`);
  }
  const unclear = unknownUsers(sessions, chosen, options);
  if (unclear > 0) {
    const [count, verb] = unclear === 1 ? ["1 session has", "was"] : [`${unclear} sessions have`, "were"];
    await note(io, `warning: ${count} no known user and ${verb} left connected. See: bastion-trail sessions ls`);
  }
  return [...(problem === undefined ? [] : (["failed"] as const)), ...(unclear > 0 ? (["partly"] as const) : [])];
}

function absentSession(
  typed: string,
  open: readonly SessionRow[],
  { ended, killed, spell }: EndedSessions,
): AbsentSession | UserError {
  const ids = meant(typed, [...new Set([...(ended?.keys() ?? []), ...killed])]);
  if (ids.length > 1) {
    return ambiguousId(typed, ids, "ids of sessions that have ended");
  }
  const [id] = ids;
  if (id !== undefined) {
    const session = ended?.get(id);
    const sessionId = session?.tunnelId ?? id;
    const vm = session && spell({ id: session.vm, name: session.vmName });
    return {
      sessionId,
      outcome: "gone",
      message: "The session has ended already.",
      session: session && vm && { ...session, vm: vm.id, vmName: vm.name },
    };
  }
  const openIds = open.map(({ sessionId }) => sessionId);
  const suggestion =
    didYouMean(typed, openIds) ||
    (openIds.length === 0 ? "No session is open." : `Open sessions: ${listNames(openIds)}.`);
  const tooShort =
    idsMeant(typed, openIds).length === 0 ? "" : `: at least ${shortestBeginning} characters of an id are needed`;
  const unsure = ended !== undefined ? "" : " The audit log was not read, so it may have ended.";
  return {
    sessionId: typed,
    outcome: "not-found",
    message: `Session '${typed}' not found${tooShort}.${unsure} ${suggestion}`,
    session: undefined,
  };
}

/** Ids of the sessions that this CLI has disconnected, in lower case. The logs show them only hours later. */
async function killedBefore(record: ActionRecord): Promise<ReadonlySet<string>> {
  const entries = await record.entries();
  const done = entries.filter(({ action, outcome }) => action === "sessions kill" && outcome === "disconnected");
  return new Set(done.map(({ target }) => target.toLowerCase()));
}

function idsOf(targets: readonly { readonly sessionId: string }[]): string[] {
  return [...new Set(targets.map(({ sessionId }) => sessionId.toLowerCase()))];
}

function distinct<Target extends { readonly sessionId: string }>(targets: readonly Target[]): Target[] {
  return targets.filter(
    (target, index) => index === targets.findIndex((one) => isSameIgnoringCase(one.sessionId, target.sessionId)),
  );
}
