import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import { diskReason, errorCode } from "./fileErrors.ts";

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** Creates a folder that only the current user can read. It is removed when the process exits, unless that was done before. */
export function temporaryFolder(): TemporaryFolder {
  try {
    const path = mkdtempSync(pathPrefix());
    return { path, remove: removedOnExit(path) };
  } catch (error) {
    throw temporaryProblem(error);
  }
}

/** How the path of every such folder begins. */
function pathPrefix(): string {
  return join(tmpdir(), "bastion-trail-run-");
}

/** Returns whether a folder is one for temporary files. */
export function isTemporary(folder: string): boolean {
  return folder.startsWith(pathPrefix());
}

/** Explains why nothing can be written to the system's folder for temporary files; returns any other error unchanged. */
export function temporaryProblem(error: unknown): unknown {
  if (errorCode(error) === "ENOENT") return temporaryError("it does not exist", error, "Create it");
  const reason = diskReason(error);
  return reason === undefined ? error : temporaryError(reason, error);
}

/** @param reason a part of a sentence. */
export function temporaryError(reason: string, cause: unknown, remedy = "Make room in it"): UserError {
  return new UserError(
    `The folder for temporary files, ${tmpdir()}, cannot be written to: ${reason}.`,
    `${remedy}, or set TMPDIR to another folder.`,
    { cause },
  );
}

/**
 * Removes a file or folder when the process exits: `main.ts` ends a command that goes on for long after Ctrl+C.
 * @returns a function that removes it earlier.
 */
export function removedOnExit(path: string): () => void {
  const remove = (): void => {
    process.removeListener("exit", remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.once("exit", remove);
  return remove;
}
