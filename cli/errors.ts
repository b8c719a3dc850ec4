import type { Unread } from "./audit/records/types.ts";

/** How a command ends: what a script or a CI job can go by. */
export const exitCodes = {
  /** Done, and nothing to complain about. */
  fine: 0,
  /** Done, and there is something to look at: a finding, a record that could not be read, a part that did not succeed. */
  findings: 1,
  /** Not done: called the wrong way, refused, or broken. */
  failure: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * How a command ends that reads logs: with `findings` if entries were lost.
 * @param strict whether anything that could not be read makes the whole result one not to go by.
 */
export function exitCodeOfRead({ lost, aside }: Unread, strict: boolean): ExitCode {
  if (strict) {
    return lost + aside === 0 ? exitCodes.fine : exitCodes.failure;
  }
  return lost === 0 ? exitCodes.fine : exitCodes.findings;
}

/** What a person has to know and can do something about. Shown without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** What to do now, a sentence. */
  readonly nextStep: string;
  /** Each problem, where there may be several; shown as a list below the sentences. */
  readonly details: readonly string[];

  /**
   * @param message what is wrong, one sentence with its full stop.
   * @param nextStep what to do now, one sentence with its full stop.
   */
  constructor(message: string, nextStep: string, options?: ErrorOptions & { readonly details?: readonly string[] }) {
    super(message, options);
    this.nextStep = nextStep;
    this.details = options?.details ?? [];
  }
}

/** All problems as one error; `undefined` where there are none. */
export function asOne(problems: readonly UserError[]): UserError | undefined {
  const [first, ...others] = problems;
  return first === undefined || others.length === 0
    ? first
    : new UserError(
        problems.map(({ message }) => message).join(" "),
        problems.map(({ nextStep }) => nextStep).join(" "),
      );
}

/** The command was stopped by the person who started it. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
