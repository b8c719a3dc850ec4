/** Asking before something that cannot be undone. */
import { createInterface } from "node:readline/promises";
import { Interrupted, UserError } from "./errors.ts";
import type { Io } from "./io.ts";

/** @throws `UserError` when nobody can answer a question, because stdin is not a terminal. */
export function requireTerminal(io: Io): void {
  if (!io.isTty.stdin) {
    throw new UserError("Cannot prompt: stdin is not a terminal.", "Pass --yes.");
  }
}

/**
 * Asks a yes-or-no question on stderr.
 * @returns whether the answer is yes; anything but `y` and `yes` is no.
 * @throws `UserError` when nobody can answer.
 */
export async function confirm(io: Io, question: string): Promise<boolean> {
  requireTerminal(io);
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: io.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    throw io.signal.aborted ? new Interrupted("The question was not answered.", { cause: error }) : error;
  } finally {
    lines.close();
  }
}
