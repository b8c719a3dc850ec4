/**
 * How the page presents each verdict. Colour is never the only sign: each verdict has a letter, and findings are drawn
 * taller.
 */
import { verdicts as names, type Verdict as VerdictName } from "../../audit/trail/types.ts";

export interface Verdict {
  readonly name: VerdictName;
  readonly letter: string;
  readonly meaning: string;
  /** Whether an auditor must look at it. */
  readonly isFinding: boolean;
}

const told: Readonly<Record<VerdictName, Omit<Verdict, "name">>> = {
  granted: { letter: "G", meaning: "A request of the same person covers it.", isFinding: false },
  unverified: { letter: "V", meaning: "A request covers it; the log does not name the person.", isFinding: false },
  borrowed: { letter: "B", meaning: "A request of somebody else covers it.", isFinding: true },
  bypassed: { letter: "X", meaning: "A rule that nobody requested let it in.", isFinding: true },
  ungranted: { letter: "N", meaning: "No request and no rule, although all logs were read.", isFinding: true },
  unknown: { letter: "?", meaning: "The logs that were read do not tell.", isFinding: false },
};

export const verdicts: readonly Verdict[] = names.map((name) => ({ name, ...told[name] }));

const unknown: Verdict = { name: "unknown", ...told.unknown };

/** @param index of `verdicts`. */
export function verdictAt(index: number | undefined): Verdict {
  return verdicts[index ?? -1] ?? unknown;
}
