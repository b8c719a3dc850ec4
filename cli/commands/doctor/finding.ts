import { catalogue, fixOf, type FindingCode, type FixValues, type Severity } from "./catalogue.ts";

/** Something that is not as it should be. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Name of the check that found it; filled in by whoever runs the check. */
  readonly check: string;
  /** ARM id of what it is about. */
  readonly resource: string;
  /** What is wrong with it, a sentence. */
  readonly message: string;
  /** What to type, a line for each command. */
  readonly fix: string;
}

/** What a check finds; the check's name is added by whoever runs it. */
export type FoundByCheck = Omit<Finding, "check">;

export function found<Code extends FindingCode>(
  code: Code,
  resource: string,
  message: string,
  values: FixValues<Code>,
): FoundByCheck {
  return { code, severity: catalogue[code].severity, resource, message, fix: fixOf(code, values) };
}

/** What a check says. */
export interface Verdict {
  readonly findings: readonly FoundByCheck[];
  /** What it looked at, or what was fine, a sentence for the list of checks. */
  readonly seen: string;
}

/** A check that has nothing to look at. */
export interface Skipped {
  readonly skipped: string;
}

const order: readonly Severity[] = ["error", "warning", "info"];

/** The worst first. */
export function bySeverity(a: { severity: Severity }, b: { severity: Severity }): number {
  return order.indexOf(a.severity) - order.indexOf(b.severity);
}

/** `1 VM`, `2 VMs`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}
