/** Asking before something that cannot be undone. */
import { createInterface } from "node:readline/promises";
import { Interrupted, UserError } from "./errors.ts";
import type { Io } from "./io.ts";

/**
 * Asks a yes-or-no question on stderr.
 * @returns whether the answer is yes; anything but `y` and `yes` is no.
 * @throws `UserError` where nobody can answer, because stdin is no terminal.
 */
export async function confirm(io: Io, question: string): Promise<boolean> {
  if (!io.isTty.stdin) {
    throw new UserError("This needs a confirmation, and nobody is there to give it.", "Add --yes to go ahead without.");
  }
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: io.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    throw io.signal.aborted ? new Interrupted("Nobody answered.", { cause: error }) : error;
  } finally {
    lines.close();
  }
}
