import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { Failure, messageOf } from "./failure.ts";

/** SQLite's result codes about the disk, with the corresponding error codes of Node (sqlite.org/rescode.html). */
const sqliteCodes: Readonly<Record<number, string>> = { 8: "EROFS", 10: "EIO", 13: "ENOSPC", 14: "EACCES" };

/** Returns what to do about a damaged file that is part of a sandbox's state. */
export function restoreOrStartAnew(directory: string): string {
  return `Restore it from a copy of the sandbox's folder, or delete ${directory} to start anew.`;
}

/**
 * Opens or reads a file of a sandbox.
 *
 * @param nextStep - a sentence that says what to do if the file is damaged.
 * @throws Failure that names the file and says what to do, if the disk is full, the file cannot be accessed, or it is
 * damaged.
 */
export function openStateFile<Opened>(file: string, nextStep: string, open: () => Opened): Opened {
  try {
    return open();
  } catch (error) {
    throw stateFileFailure(file, nextStep, error);
  }
}

/** Converts an error about a file of a sandbox to a failure; returns a `Failure` unchanged. */
export function stateFileFailure(file: string, nextStep: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  // JSON's own message quotes the content of the file.
  const reason = error instanceof SyntaxError ? "not valid JSON" : messageOf(error);
  const code = systemCode(error);
  // SQLite reports an input/output error if there is no room for the files beside the database.
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

/**
 * Returns the operating system's code for an error, for example `ENOSPC`; `undefined` if the error is about the file's
 * content.
 */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, syscall, code } = error as Error & { errcode?: number; syscall?: string; code?: string };
  if (syscall !== undefined) return code;
  // Loki wraps an error about a file in one that keeps only its message.
  return sqliteCodes[(errcode ?? 0) & 0xff] ?? /^Error: (E[A-Z]+): /.exec(error.message)?.[1];
}
