import type { TrailFlag, TrailLink, TrailRequest, TrailRule, Verdict } from "./types.ts";

interface Judged {
  readonly verdict: Verdict;
  readonly link: TrailLink;
  readonly flags: readonly TrailFlag[];
  readonly request: TrailRequest | null;
  readonly rule: TrailRule | null;
  /** Whether the audit log names the VM. */
  readonly hasVm: boolean;
  /** Whether the audit log has the start of the session. */
  readonly hasStart: boolean;
  /** Whether the activity log lacks something that the verdict needs. */
  readonly isIncomplete: boolean;
  /** Whether the activity log of the VM's subscription was read. */
  readonly isLogged: boolean;
  /** Whether it is doubtful whether the request that covers it still lasted. */
  readonly isDoubted: boolean;
  /** Whether a request covers it, but by the activity log neither the request's rule nor another one let it in. */
  readonly isShut: boolean;
}

/** Explains a session's verdict in one plain sentence. */
export function becauseOf({ verdict, link, flags, request, rule, ...known }: Judged): string {
  const by = request?.by ?? "somebody unknown";
  const named = rule === null ? "A rule" : `Rule ${rule.name}`;
  const author = rule?.author ?? null;
  const written = author === null ? named : `${named} by ${author}`;
  switch (verdict) {
    case "granted":
      return `${by} requested it.`;
    case "unverified":
      return request?.by === null
        ? "A request covers it, but the activity log does not name who made it."
        : `A request of ${by} covers it, but the audit log does not name the person.`;
    case "borrowed":
      return `Only a request of ${by} covers it.`;
    case "bypassed":
      if (flags.includes("late")) return `${written} let it in after the request of ${by} had ended.`;
      if (link === "ambiguous") return "Several rules may have let it in, and no request asked for any of them.";
      return `${written} let it in, and no request asked for that.`;
    case "ungranted":
      return "No request and no rule fits, and the activity log of that time was read.";
    case "unknown":
      if (!known.isLogged) return "The activity log of the VM's subscription was not read.";
      if (known.isIncomplete)
        return "The activity log of the 24 hours before the session was not read, is not exported or has a gap.";
      if (known.isDoubted)
        return "A request covers it, but somebody deleted a rule before that may have been the request's.";
      if (known.isShut)
        return "A request covers it, but by the activity log, neither the request's rule nor another one let it in.";
      if (link === "none") return missingFact(known);
      if (link === "ambiguous") return "Several rules may have let it in, and the logs do not show which.";
      if (rule === null || rule.ports.length === 0) {
        return `${written} may have let it in, but the activity log does not have its content.`;
      }
      return `${written} may have let it in, but the logs do not show whether it applies to the VM.`;
  }
}

/** Says which fact is missing in the audit log, without which no request and no rule can be excluded. */
function missingFact({ hasStart, hasVm }: Pick<Judged, "hasStart" | "hasVm">): string {
  if (!hasStart) return "The audit log has only the end of the session, not its start.";
  return hasVm ? "The audit log does not have the VM's private IPv4 address." : "The audit log does not name the VM.";
}
