/** The file or folder that a command writes for a person: the value of `--out`. */
import { lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../errors.ts";
import { diskReason, errorCode } from "./fileErrors.ts";

/** @throws `UserError` if the folder that is to contain it does not exist, or is not a folder. */
export function requireParent(path: string): void {
  const parent = dirname(path);
  const found = statSync(parent, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new UserError(`The folder ${parent} does not exist.`, "Create it, or use another --out.");
  }
  if (!found.isDirectory()) throw new UserError(`${parent} is not a folder.`, "Use another --out.");
}

/**
 * Returns what is at a path. A symbolic link is `other`, whatever it points to.
 * @throws `UserError` if the file system refuses the path.
 */
export function placeAt(path: string): "nothing" | "file" | "other" {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found === undefined ? "nothing" : found.isFile() ? "file" : "other";
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Explains why a path cannot be written to; returns an error that is not of the file system unchanged. */
export function unwritable(path: string, error: unknown): unknown {
  const reason = errorCode(error) === "ENOENT" ? "nothing can be created in its folder" : diskReason(error);
  return reason === undefined
    ? error
    : new UserError(`Cannot write ${path}: ${reason}.`, "Use another --out.", { cause: error });
}
