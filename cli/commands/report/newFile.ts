/** A file that a command writes for a person. */
import { closeSync, openSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { ownerOnlyFile } from "../../files/privateFolder.ts";
import { removedOnExit } from "../../files/temporaryFolder.ts";
import { UserError } from "../../errors.ts";
import { placeAt, requireParent, unwritable } from "../../files/outPath.ts";
import { TextWriter } from "../../files/textWriter.ts";

export interface NewFile {
  readonly path: string;
  /** Writes the whole file or nothing. Only its owner can read it. */
  readonly write: (pieces: AsyncIterable<string>, signal: AbortSignal) => Promise<void>;
}

/**
 * Checks before the command reads anything that the file can be created.
 * @throws `UserError` if the file exists and `force` is false, if something else is there, if its folder does not exist, or if
 *   the file system refuses it.
 */
export function newFile(name: string, force: boolean, cwd: string): NewFile {
  const path = resolve(cwd, name);
  requireParent(path);
  const refuseExisting = (): void => {
    const place = placeAt(path);
    // A folder, a device or a link would be replaced.
    if (place === "other") throw new UserError(`${path} is not a regular file.`, "Use another --out.");
    if (place === "file" && !force) {
      throw new UserError(`${path} already exists.`, "Use another --out, or --force to overwrite it.");
    }
  };
  refuseExisting();
  const part = `${path}.${process.pid}.part`;
  requireCreatable(part, path);
  return {
    path,
    write: async (pieces, signal) => {
      const remove = removedOnExit(part);
      try {
        await writeText(part, path, pieces, signal);
        refuseExisting();
        renameSync(part, path);
      } finally {
        remove();
      }
    },
  };
}

/** @param shown the path that errors name. */
function requireCreatable(path: string, shown: string): void {
  try {
    closeSync(openSync(path, "wx", ownerOnlyFile));
    rmSync(path);
  } catch (error) {
    throw unwritable(shown, error);
  }
}

/** @param shown the path that errors name. */
async function writeText(
  path: string,
  shown: string,
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const refused = (error: unknown): never => {
    throw unwritable(shown, error);
  };
  await using handle = await open(path, "wx", ownerOnlyFile).catch(refused);
  const writer = new TextWriter(handle);
  for await (const piece of pieces) {
    signal.throwIfAborted();
    await writer.write(piece).catch(refused);
  }
  await writer.end().catch(refused);
}
