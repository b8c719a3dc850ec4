import type { Unread } from "./audit/records/types.ts";

/** The exit codes of commands, for scripts and CI jobs. */
export const exitCodes = {
  /** Done, with nothing to report. */
  fine: 0,
  /** Done, with something to look at: a finding, an unreadable record, or a part that failed. */
  findings: 1,
  /** Not done: wrong usage, a refusal, or a failure. */
  failure: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * The exit code of a command that reads logs: `findings` if entries were lost.
 * @param strict whether any entry that could not be read makes the whole result a failure.
 */
export function exitCodeOfRead({ lost, aside }: Unread, strict: boolean): ExitCode {
  if (strict) {
    return lost + aside === 0 ? exitCodes.fine : exitCodes.failure;
  }
  return lost === 0 ? exitCodes.fine : exitCodes.findings;
}

/** What became of one of the things that a command acts on. `partly`: something about it is left to look at. */
export type ActionResult = "done" | "partly" | "failed";

/** The exit code of a command that acts: `failure` if nothing was done, `findings` if not everything was. */
export function exitCodeOfActions(results: readonly ActionResult[]): ExitCode {
  if (results.every((result) => result === "done")) return exitCodes.fine;
  return results.every((result) => result === "failed") ? exitCodes.failure : exitCodes.findings;
}

/** A problem that the user can understand and fix. Shown without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** What to do now, as a sentence. */
  readonly nextStep: string;
  /** Individual problems, if there are several; shown as a list below the sentences. */
  readonly details: readonly string[];

  /**
   * @param message the problem, as one sentence with its full stop.
   * @param nextStep what to do now, as one sentence with its full stop.
   */
  constructor(message: string, nextStep: string, options?: ErrorOptions & { readonly details?: readonly string[] }) {
    super(message, options);
    this.nextStep = nextStep;
    this.details = options?.details ?? [];
  }
}

/** Several problems. They are shown below each other; `message` has them in one row, for a place with room for only that. */
export class UserErrors extends UserError {
  readonly problems: readonly UserError[];

  constructor(problems: readonly UserError[]) {
    const sentences = problems.flatMap(({ message, nextStep }) => [message, nextStep]);
    super(sentences.slice(0, -1).join(" "), sentences.at(-1) ?? "");
    this.problems = problems;
  }
}

/** Joins problems into one error, each with its next step; `undefined` if there are none. */
export function asOne(problems: readonly UserError[]): UserError | undefined {
  const each = problems.flatMap((problem) => (problem instanceof UserErrors ? problem.problems : problem));
  return each.length > 1 ? new UserErrors(each) : each[0];
}

/**
 * Runs every task, so that the errors of all are reported together.
 * @throws `UserError` that joins the tasks' errors; any other error of a task unchanged.
 */
export function together<const Tasks extends readonly (() => unknown)[]>(
  ...tasks: Tasks
): { [Index in keyof Tasks]: ReturnType<Tasks[Index]> } {
  const problems: UserError[] = [];
  const results = tasks.map((task) => {
    try {
      return task();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error);
      return undefined;
    }
  });
  const problem = asOne(problems);
  if (problem !== undefined) throw problem;
  return results as { [Index in keyof Tasks]: ReturnType<Tasks[Index]> };
}

/** The user stopped the command. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
