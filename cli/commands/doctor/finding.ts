import type { Acceptance } from "../../audit/trail/types.ts";
import { catalogue, fixOf, type FindingCode, type FixValues, type Severity } from "./catalogue.ts";

/** A problem that a check found. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Name of the check; filled in by the runner. */
  readonly check: string;
  /** ARM id of the resource concerned. */
  readonly resource: string;
  /** The problem, as a sentence. */
  readonly message: string;
  /** The commands to fix it, one per line. */
  readonly fix: string;
  /** Why it is accepted; null if it is not. */
  readonly accepted: Acceptance | null;
}

/** A finding as a check returns it; the runner adds the rest. */
export type FoundByCheck = Omit<Finding, "check" | "accepted">;

export function found<Code extends FindingCode>(
  code: Code,
  resource: string,
  message: string,
  values: FixValues<Code>,
): FoundByCheck {
  return { code, severity: catalogue[code].severity, resource, message, fix: fixOf(code, values) };
}

/** What a check found. */
export interface Judgement {
  readonly findings: readonly FoundByCheck[];
  /** What was checked or found in order, as a sentence for the list of checks. */
  readonly seen: string;
}

/** Why a check had nothing to examine. */
export interface Skipped {
  readonly skipped: string;
}

const order: readonly Severity[] = ["error", "warning", "info"];

/** Orders by severity, the worst first, and those that are accepted last. */
export function bySeverity(a: Finding, b: Finding): number {
  return Number(!counts(a)) - Number(!counts(b)) || order.indexOf(a.severity) - order.indexOf(b.severity);
}

/** Whether nobody has accepted it. */
export function counts({ accepted }: Finding): boolean {
  return accepted === null;
}
