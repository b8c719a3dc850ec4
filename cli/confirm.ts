/** Confirmation before an action that cannot be undone. */
import { createInterface } from "node:readline/promises";
import { Interrupted, UserError } from "./errors.ts";
import { write, type Io } from "./io.ts";

/** @throws `UserError` if stdin is not a terminal, so that nobody can answer a question. */
export function requireTerminal(io: Io): void {
  if (!io.isTty.stdin) {
    throw new UserError("Cannot prompt: stdin is not a terminal.", "Pass --yes.");
  }
}

/**
 * Asks a yes-or-no question on stderr.
 * @returns true for `y` and `yes`, in any case; false for any other answer.
 * @throws `UserError` if stdin is not a terminal; `Interrupted` for Ctrl+C and Ctrl+D.
 */
export async function confirm(io: Io, question: string): Promise<boolean> {
  requireTerminal(io);
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: io.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
    // The cursor is still behind the question.
    await write(io.stderr, "\n");
    throw new Interrupted("The question was not answered.", { cause: error });
  } finally {
    lines.close();
  }
}
