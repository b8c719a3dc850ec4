/** What is wrong with an input, in words. Imports nothing, so that rules can be used without Pulumi's SDK. */

/** One reason to refuse an input. */
export interface Problem {
  /** Name of the argument or config key, as the user wrote it. */
  readonly key: string;
  /** The value that was given; `undefined` when it is missing. */
  readonly value: unknown;
  /** What is wrong and what is allowed, as a clause that can follow a semicolon: lower case, no full stop. */
  readonly reason: string;
}

/** Characters of a value that a message repeats: an ARM id fits, a list of a thousand VMs does not. */
const longestValue = 300;

/** A problem as one plain sentence: `scaleUnits is 3; the Basic SKU has exactly 2`. */
export function describeProblem(problem: Problem): string {
  return problemSentence(problem, describeValue(problem.value));
}

/** @param value - as the sentence shows it. */
export function problemSentence({ key, reason }: Problem, value: string): string {
  return `${key} is ${value}; ${reason}`;
}

function describeValue(value: unknown): string {
  if (value === undefined) {
    return "missing";
  }
  const text = JSON.stringify(value);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}...`;
}

/** Whether a number is whole and in a range, its ends included. */
export function isWholeNumberWithin(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}
