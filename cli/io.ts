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
  /** Cells of a line of stdout: the terminal's, else what COLUMNS says; `undefined` where a line may have any length. */
  readonly columns: number | undefined;
  /** Whether stdout takes colours: a terminal or FORCE_COLOR, and no NO_COLOR. */
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
    columns: stdout.isTTY ? stdout.columns : columnsIn(env),
    colour: takesColour(stdout.isTTY, env),
    now: () => new Date(),
    env,
    cwd: process.cwd(),
    signal,
  };
}

/** Cells of a line where stdout is not a terminal. */
export function columnsIn({ COLUMNS = "" }: Environment): number | undefined {
  return /^[1-9]\d{1,3}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
}

/** https://no-color.org and https://force-color.org: any value but the empty one switches colours off, or on. */
export function takesColour(isTerminal: boolean, { NO_COLOR = "", FORCE_COLOR = "", TERM }: Environment): boolean {
  return NO_COLOR === "" && (FORCE_COLOR !== "" || (isTerminal && TERM !== "dumb"));
}
