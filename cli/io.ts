/** Everything a command touches of the process that runs it, so that a test can run a command without one. */
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Io {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly stdin: Readable;
  /** Whether each of them is a terminal. */
  readonly isTty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Width of the terminal, in cells. It counts only where stdout is one. */
  readonly columns: number;
  /** Whether stdout takes colours: a terminal, and nobody said NO_COLOR. */
  readonly colour: boolean;
  /** The present. */
  readonly now: () => Date;
  readonly env: Environment;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Aborted when the person wants the command to end (Ctrl+C). */
  readonly signal: AbortSignal;
}

/** Writes a text and waits where the reader is slower than the command. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (text !== "" && !stream.write(text)) {
    await once(stream, "drain");
  }
}

/** Tells a person something beside the result: a warning, a count. It goes to stderr. */
export async function note(io: Io, text: string): Promise<void> {
  await write(io.stderr, `${text}\n`);
}

/** The process's own. */
export function processIo(signal: AbortSignal): Io {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    isTty: { stdin: stdin.isTTY, stdout: stdout.isTTY, stderr: stderr.isTTY },
    columns: stdout.isTTY ? stdout.columns : 80,
    colour: takesColour(stdout.isTTY, env),
    now: () => new Date(),
    env,
    cwd: process.cwd(),
    signal,
  };
}

/** https://no-color.org: any value but the empty one switches colours off. */
function takesColour(isTerminal: boolean, env: Environment): boolean {
  return isTerminal && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}
