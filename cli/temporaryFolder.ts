import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** Creates a folder that only the current user can read. It is removed when the process exits, unless that was done before. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "bastion-trail-"));
  return { path, remove: removedOnExit(path) };
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
