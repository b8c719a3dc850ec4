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
}

/** A finding as a check returns it; the runner adds the check's name. */
export type FoundByCheck = Omit<Finding, "check">;

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

/** Orders by severity, the worst first. */
export function bySeverity(a: { severity: Severity }, b: { severity: Severity }): number {
  return order.indexOf(a.severity) - order.indexOf(b.severity);
}
