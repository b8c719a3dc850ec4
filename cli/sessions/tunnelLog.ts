/** What the audit log knows of live sessions. */
import type { Session } from "../../audit/records/types.ts";
import type { ActiveSession } from "../../azure/activeSessions.ts";
import { explain } from "../presentError.ts";
import type { Io } from "../io.ts";
import { openSource, type SourceFlags } from "../logs/sources.ts";
import type { Progress } from "../progress.ts";
import { requireSource } from "../sourceFlags.ts";

/** A log that can be asked for the tunnels of sessions. */
export interface TunnelLog {
  /** @returns what is known, by tunnel in lower case. @throws when the log cannot be read. */
  find(tunnelIds: ReadonlySet<string>, since: Date, progress: Progress): Promise<ReadonlyMap<string, Session>>;
}

/** A live session with what the log adds. */
export interface LiveSession extends ActiveSession {
  readonly clientIp: string | null;
  /** The Entra account. */
  readonly person: string | null;
  /** Whether the log has the session's record. `off`: it was not to be asked. */
  readonly log: "found" | "missing" | "unread" | "off";
}

export interface FilledSessions {
  readonly sessions: readonly LiveSession[];
  /** Why the log could not be read, a sentence; `undefined` where it was. */
  readonly unread: string | undefined;
}

/** A tunnel may begin before the session that Azure lists, and clocks differ. */
const marginMs = 3_600_000;

/**
 * Fills in client address and person. A log that cannot be read does not keep anybody from seeing who is connected.
 * @param open `undefined` where no log is to be asked.
 */
export async function fillFromLog(
  sessions: readonly ActiveSession[],
  open: (() => Promise<TunnelLog>) | undefined,
  io: Io,
  progress: Progress,
): Promise<FilledSessions> {
  const [first] = sessions;
  if (open === undefined || first === undefined) {
    return { sessions: sessions.map((session) => filled(session, undefined, "off")), unread: undefined };
  }
  try {
    const log = await open();
    const ids = new Set(sessions.map(({ sessionId }) => sessionId.toLowerCase()));
    const known = await log.find(ids, new Date(Date.parse(first.start) - marginMs), progress);
    const rows = sessions.map((session) => {
      const found = known.get(session.sessionId.toLowerCase());
      return filled(session, found, found === undefined ? "missing" : "found");
    });
    return { sessions: rows, unread: undefined };
  } catch (error) {
    if (io.signal.aborted) throw error;
    const { message, nextStep } = explain(error);
    return {
      sessions: sessions.map((session) => filled(session, undefined, "unread")),
      unread: `${message} ${nextStep}`.trim(),
    };
  }
}

/** The log that `--source` names; `undefined` for `none`. */
export function tunnelLogFrom(flags: SourceFlags, io: Io): (() => Promise<TunnelLog>) | undefined {
  requireSource(flags, flags.source ?? "archive");
  if (flags.source === "none") {
    return undefined;
  }
  return async () => {
    const source = await openSource(flags, io);
    return {
      async find(tunnelIds, since, progress) {
        const result = await source.read({ from: since, ...source.scope }, progress);
        const found = new Map<string, Session>();
        for await (const session of result?.sessions ?? []) {
          const tunnel = session.tunnelId?.toLowerCase();
          if (tunnel !== undefined && tunnelIds.has(tunnel)) found.set(tunnel, session);
        }
        return found;
      },
    };
  };
}

function filled(session: ActiveSession, known: Session | undefined, log: LiveSession["log"]): LiveSession {
  return { ...session, clientIp: known?.clientIp ?? null, person: known?.person ?? null, log };
}
