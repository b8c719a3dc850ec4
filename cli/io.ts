/** Everything of its process that a command uses, so that a test can run a command without a process. */
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { WriteStream } from "node:tty";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Io {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly stdin: Readable;
  /** Whether each stream is a terminal. */
  readonly isTty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Width of stdout in cells: the terminal's, else that in COLUMNS. `undefined` means unlimited. */
  readonly columns: number | undefined;
  /** Whether stdout shows colours: NO_COLOR is not set, and it is a terminal or FORCE_COLOR is set. */
  readonly colour: boolean;
  /** The current time. */
  readonly now: () => Date;
  readonly env: Environment;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Aborted when the user stops the command (Ctrl+C). */
  readonly signal: AbortSignal;
}

/** Writes a text, and waits if the reader is slower than the command. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (text !== "" && !stream.write(text)) {
    await once(stream, "drain");
  }
}

/** Writes a message beside the result, such as a warning or a count, to stderr. */
export async function note(io: Io, text: string): Promise<void> {
  await write(io.stderr, `${text}\n`);
}

/** The `Io` of this process. */
export function processIo(signal: AbortSignal): Io {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    isTty: { stdin: stdin.isTTY, stdout: stdout.isTTY, stderr: stderr.isTTY },
    columns: widthOf(stdout) ?? columnsIn(env),
    colour: takesColour(stdout.isTTY, env),
    now: () => new Date(),
    env,
    cwd: process.cwd(),
    signal,
  };
}

/** Width of a terminal in cells. Terminals without a window, such as a container's or that of `script`, have none. */
export function widthOf(stream: Writable): number | undefined {
  const { columns } = stream as Partial<WriteStream>;
  return columns === 0 ? undefined : columns;
}

/** Width of a line in cells, if it is not the terminal's. */
export function columnsIn({ COLUMNS = "" }: Environment): number | undefined {
  return /^[1-9]\d{1,3}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
}

/** Whether the terminal understands no control sequences: what it has shown cannot be changed. */
export function isDumb({ TERM }: Environment): boolean {
  return TERM === "dumb";
}

/** Follows https://no-color.org and https://force-color.org: with any non-empty value, `NO_COLOR` turns colours off and `FORCE_COLOR` turns them on. */
export function takesColour(isTerminal: boolean, env: Environment): boolean {
  const { NO_COLOR = "", FORCE_COLOR = "" } = env;
  return NO_COLOR === "" && (FORCE_COLOR !== "" || (isTerminal && !isDumb(env)));
}
