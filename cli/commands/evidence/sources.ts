/** The files that a pack rests on. */
import { basename, relative, resolve, sep } from "node:path";
import { stat } from "node:fs/promises";
import { hashesOf } from "../../audit/store/sourceFile.ts";
import { UserError } from "../../errors.ts";
import type { Hashed } from "../../evidence/manifest.ts";
import { byName } from "../../evidence/newPack.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import { folderFiles } from "../logs/files.ts";

/** Name of a file within its source folder, with `/` between folders, as a manifest has it. */
export function nameInFolder(folder: string, file: string): string {
  return folder === file ? basename(file) : relative(folder, file).split(sep).join("/");
}

/** All files of a folder that can be read. What cannot is in the coverage. */
export async function folderSources(source: string, io: Io, progress: Progress): Promise<Hashed[]> {
  const folder = resolve(io.cwd, source);
  const { files } = await folderFiles(source, io)({}, progress);
  progress.update("Hashing the source");
  const hashes = await hashesOf(files);
  const hashed = await Promise.all(
    files.map(async (file, index): Promise<Hashed[]> => {
      const sha256 = hashes[index] ?? null;
      return sha256 === null ? [] : [{ name: nameInFolder(folder, file), bytes: (await stat(file)).size, sha256 }];
    }),
  );
  return hashed.flat().sort(byName);
}

/**
 * A pack must not name other bytes than those that were read.
 * @throws `UserError` that names what was written to in the meantime.
 */
export function requireUnchanged(before: readonly Hashed[], after: readonly Hashed[]): void {
  const known = new Map(before.map(({ name, sha256 }) => [name, sha256]));
  const changed = after.filter(({ name, sha256 }) => known.get(name) !== sha256).map(({ name }) => name);
  const left = new Set(after.map(({ name }) => name));
  const names = [...changed, ...before.filter(({ name }) => !left.has(name)).map(({ name }) => name)];
  if (names.length === 0) return;
  throw new UserError(
    `The source changed while it was read: ${names.join(", ")}.`,
    "Run it again, or give a --to that lies further back.",
  );
}
