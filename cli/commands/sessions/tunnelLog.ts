/** Adds facts from the audit log to live sessions. */
import { resolve } from "node:path";
import type { Session } from "../../audit/records/types.ts";
import type { ActiveSession } from "../../azure/activeSessions.ts";
import { isBeginning } from "../../names/idPrefix.ts";
import { explain, type Explanation } from "../../presentError.ts";
import type { Io } from "../../io.ts";
import { openAuditSource } from "../../sources/auditSource.ts";
import { onCloudTime } from "../../sources/cloudTime.ts";
import { tellUnreadable } from "../../sources/tellRead.ts";
import type { Progress } from "../../progress.ts";
import { requireReadable } from "../../sources/logFiles.ts";
import { defaultSource, isFolder, requireSource, type SourceFlags } from "../../sources/sourceFlags.ts";
import { dayMs, hourMs } from "../../time.ts";

/** A log that can be searched for the tunnels of sessions. */
export interface TunnelLog {
  /**
   * @param isWanted called with tunnel ids in lower case.
   * @returns the known sessions by tunnel id in lower case. @throws if the log cannot be read.
   */
  find(isWanted: (tunnelId: string) => boolean, since: Date, progress: Progress): Promise<ReadonlyMap<string, Session>>;
}

/** An open session with the facts from the log. */
export interface LiveSession extends ActiveSession {
  readonly clientIp: string | null;
  /** The Entra account. */
  readonly person: string | null;
  /** Whether the log has the session's record. `off`: the log is not read. */
  readonly log: "found" | "missing" | "unread" | "off";
}

export interface FilledSessions {
  readonly sessions: readonly LiveSession[];
  /** Sessions that have ended, by id in lower case; `undefined` if the log was not read. */
  readonly ended: ReadonlyMap<string, Session> | undefined;
  /** Why the log could not be read; `undefined` if it was read, or was not requested. */
  readonly unread: Explanation | undefined;
}

/** A tunnel may begin earlier than the session that Azure lists, and clocks differ. */
const marginMs = hourMs;
/** How far back to look for a session that is not open, in milliseconds. */
const endedMs = 7 * dayMs;

/**
 * Adds client address and person. If the log cannot be read, returns the sessions without them.
 * @param others ids, or prefixes of ids, that may belong to ended sessions.
 * @param open `undefined` if no log is to be read.
 */
export async function fillFromLog(
  {
    sessions,
    others = [],
    now,
  }: { readonly sessions: readonly ActiveSession[]; readonly others?: readonly string[]; readonly now: Date },
  open: (() => Promise<TunnelLog>) | undefined,
  io: Io,
  progress: Progress,
): Promise<FilledSessions> {
  const starts = sessions.map(({ start }) => Date.parse(start) - marginMs);
  const since = [...starts, ...(others.length > 0 ? [now.getTime() - endedMs] : [])];
  if (open === undefined || since.length === 0) {
    return {
      sessions: sessions.map((session) => filled(session, undefined, "off")),
      ended: undefined,
      unread: undefined,
    };
  }
  try {
    const log = await open();
    const isOpen = new Set(sessions.map(({ sessionId }) => sessionId.toLowerCase()));
    const isWanted = (id: string) => isOpen.has(id) || others.some((other) => isBeginning(other, id));
    const known = await log.find(isWanted, new Date(Math.min(...since)), progress);
    const rows = sessions.map((session) => {
      const found = known.get(session.sessionId.toLowerCase());
      return filled(session, found, found === undefined ? "missing" : "found");
    });
    return { sessions: rows, ended: new Map([...known].filter(([id]) => !isOpen.has(id))), unread: undefined };
  } catch (error) {
    if (io.signal.aborted) throw error;
    return {
      sessions: sessions.map((session) => filled(session, undefined, "unread")),
      ended: undefined,
      unread: explain(error),
    };
  }
}

/**
 * The log that `--source` names; `undefined` for `none`.
 * @throws `UserError` for flags of another source, and if there is no such folder.
 */
export function tunnelLogFrom(flags: SourceFlags, io: Io): (() => Promise<TunnelLog>) | undefined {
  requireSource(flags, flags.source ?? defaultSource);
  if (flags.source === "none") {
    return undefined;
  }
  // The log is only read if a session is open.
  if (flags.source !== undefined && isFolder(flags.source)) {
    requireReadable(resolve(io.cwd, flags.source));
  }
  return async () => {
    const source = await openAuditSource(flags, await onCloudTime(io));
    return {
      async find(isWanted, since, progress) {
        const result = await source.read({ from: since, ...source.scope }, progress);
        const found = new Map<string, Session>();
        for await (const session of result?.sessions ?? []) {
          const tunnel = session.tunnelId?.toLowerCase();
          if (tunnel !== undefined && isWanted(tunnel)) found.set(tunnel, session);
        }
        if (result !== undefined) {
          progress.end();
          // A record that cannot be read may be one that is missing.
          await tellUnreadable(io, result.unreadable, result.unread);
        }
        return found;
      },
    };
  };
}

function filled(session: ActiveSession, known: Session | undefined, log: LiveSession["log"]): LiveSession {
  return { ...session, clientIp: known?.clientIp ?? null, person: known?.person ?? null, log };
}
