/** A file that a command writes for a person. */
import { createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { UserError } from "../../errors.ts";

export interface NewFile {
  readonly path: string;
  /** Writes the whole file or nothing. Only its owner can read it. */
  readonly write: (pieces: AsyncIterable<string>, signal: AbortSignal) => Promise<void>;
}

/**
 * Checks before the command reads anything that the file can be created.
 * @throws `UserError` if the file exists and `force` is false, or its folder does not exist.
 */
export function newFile(name: string, force: boolean, cwd: string): NewFile {
  const path = resolve(cwd, name);
  if (!existsSync(dirname(path))) {
    throw new UserError(`The folder ${dirname(path)} does not exist.`, "Create it, or give another --out.");
  }
  const refuseExisting = (): void => {
    if (!force && existsSync(path)) {
      throw new UserError(`${path} already exists.`, "Give another --out, or --force to overwrite it.");
    }
  };
  refuseExisting();
  return {
    path,
    write: async (pieces, signal) => {
      const part = `${path}.${process.pid}.part`;
      try {
        await pipeline(pieces, createWriteStream(part, { flags: "wx", mode: 0o600 }), { signal });
        refuseExisting();
        renameSync(part, path);
      } catch (error) {
        rmSync(part, { force: true });
        throw error;
      }
    },
  };
}
