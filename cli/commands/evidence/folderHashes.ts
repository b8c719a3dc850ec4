import { open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileProblem } from "../../files/fileProblem.ts";
import { addTo, digestOf, newHash } from "../../audit/sources/archive/contentHash.ts";
import type { HashOfSource } from "../../evidence/verifySources.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import { folderFiles } from "../../sources/logFiles.ts";
import { nameInFolder } from "./sources.ts";

/** Hashes the sources of a pack in a folder as it is now. */
export async function folderHashes(folder: string, io: Io, progress: Progress): Promise<HashOfSource> {
  const path = resolve(io.cwd, folder);
  const { files } = await folderFiles(folder, {}, io)({}, progress);
  const byName = new Map(files.map((file) => [nameInFolder(path, file), file]));
  return async ({ name, bytes }) => {
    const file = byName.get(name);
    if (file === undefined) return "missing";
    try {
      return await hashIn(file, bytes);
    } catch (error) {
      return { unreadable: fileProblem(error) };
    }
  };
}

async function hashIn(file: string, bytes: number): ReturnType<HashOfSource> {
  if ((await stat(file)).size < bytes) return "shorter";
  await using handle = await open(file);
  const hash = newHash();
  await addTo(hash, handle, bytes);
  return { sha256: digestOf(hash) };
}
