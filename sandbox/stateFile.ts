import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { Failure, messageOf } from "./failure.ts";

/** SQLite's result codes that say of a disk what Node's error codes say (sqlite.org/rescode.html). */
const sqliteCodes: Readonly<Record<number, string>> = { 8: "EROFS", 10: "EIO", 13: "ENOSPC", 14: "EACCES" };

/** What to do about a damaged file that is a part of what a sandbox holds. */
export function restoreOrStartAnew(directory: string): string {
  return `Restore it from a copy of the sandbox's folder, or delete ${directory} to start anew.`;
}

/**
 * Opens or reads a file of a sandbox.
 *
 * @param nextStep - a sentence on what to do when the file is damaged.
 * @throws Failure that names the file and says what to do: when the disk is full, the file cannot be accessed, or it is damaged.
 */
export function openStateFile<Opened>(file: string, nextStep: string, open: () => Opened): Opened {
  try {
    return open();
  } catch (error) {
    throw stateFileFailure(file, nextStep, error);
  }
}

/** The failure to tell of an error that a file of a sandbox led to; a `Failure` is told as it is. */
export function stateFileFailure(file: string, nextStep: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  // JSON's own message quotes what it found, whatever that is.
  const reason = error instanceof SyntaxError ? "not valid JSON" : messageOf(error);
  const code = systemCode(error);
  // SQLite calls it an input/output error when it finds no room for the files beside the database.
  switch (code === "EIO" && isFull(dirname(file)) ? "ENOSPC" : code) {
    case undefined:
      return new Failure(`${file} is damaged (${reason}). ${nextStep}`, { cause: error });
    case "ENOSPC":
    case "EDQUOT":
      return new Failure(`The disk is full: ${file} cannot be written. Free some space, and run the command again.`, {
        cause: error,
      });
    default:
      return new Failure(`${file} cannot be opened: ${reason}.`, { cause: error });
  }
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 64 * 1024;
}

/** The operating system's code for an error, e.g. `ENOSPC`; `undefined` when the error is about what the file holds. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, syscall, code } = error as Error & { errcode?: number; syscall?: string; code?: string };
  if (syscall !== undefined) return code;
  // Loki wraps the error of a file in one that keeps only its text.
  return sqliteCodes[(errcode ?? 0) & 0xff] ?? /^Error: (E[A-Z]+): /.exec(error.message)?.[1];
}
