/** Runs the checks independently of each other. */
import type { CheckContext, NamedCheck } from "./check.ts";
import { bySeverity, counts, type Finding, type FoundByCheck } from "./finding.ts";
import type { Known } from "./known.ts";
import { unread } from "./uncheckable.ts";

/**
 * `passed`: no findings, or only informational ones. `findings`: a warning or an error. `unknown`: part of it could not
 * be checked. `skipped`: nothing to examine.
 */
export type CheckStatus = "passed" | "findings" | "unknown" | "skipped";

export interface CheckResult {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was checked, or why it was skipped, as a sentence. */
  readonly detail: string;
  readonly findings: readonly Finding[];
  /** Number of findings that `--ignore` names. */
  readonly ignored: number;
}

/** Everything that the checks share. */
export type RunContext = Omit<CheckContext, "attempt"> & { readonly known: Known; readonly signal: AbortSignal };

export async function runCheck(check: NamedCheck, context: RunContext): Promise<CheckResult> {
  const { identity, inventory, known, signal } = context;
  signal.throwIfAborted();
  const failed: FoundByCheck[] = [];
  const tell = (error: unknown): void => {
    signal.throwIfAborted();
    const resource = `/subscriptions/${inventory.subject.subscriptionId}`;
    failed.push(unread(error, check.name, resource, identity));
  };
  const attempt: CheckContext["attempt"] = async (read) => {
    try {
      return await read();
    } catch (error) {
      tell(error);
      return undefined;
    }
  };
  const judgement = await attempt(() => check.examine({ ...context, attempt }));
  const found = judgement !== undefined && "findings" in judgement ? judgement.findings : [];
  const all = [...unique(failed), ...found].map((finding): Finding => ({
    ...finding,
    check: check.name,
    accepted: known.acceptanceOf(finding),
  }));
  const findings = all.filter((finding) => !known.isIgnored(finding)).sort(bySeverity);
  return {
    name: check.name,
    status: statusOf(findings.filter(counts), judgement !== undefined && "skipped" in judgement),
    detail:
      judgement === undefined ? "Could not be checked." : "skipped" in judgement ? judgement.skipped : judgement.seen,
    findings,
    ignored: all.length - findings.length,
  };
}

function statusOf(findings: readonly Finding[], isSkipped: boolean): CheckStatus {
  if (findings.some(({ code }) => isUnread(code))) return "unknown";
  if (findings.some(({ severity }) => severity !== "info")) return "findings";
  return isSkipped ? "skipped" : "passed";
}

export function isUnread(code: Finding["code"]): boolean {
  return code === "permission-denied" || code === "could-not-check";
}

/** Removes duplicates: several parts of a check may fail for the same reason. */
function unique(findings: readonly FoundByCheck[]): FoundByCheck[] {
  return [...new Map(findings.map((one) => [`${one.code} ${one.resource} ${one.message}`, one])).values()];
}
