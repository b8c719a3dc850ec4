/** Reads an evidence pack: a folder or a zip file. Nothing is extracted. */
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Readable } from "node:stream";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { fileProblem } from "../files/fileProblem.ts";
import { UserError } from "../errors.ts";
import { errorCode } from "../files/fileErrors.ts";
import { manifestName } from "./manifest.ts";

export interface PackEntry {
  /** With `/` between folders. */
  readonly name: string;
  readonly bytes: number;
  readonly read: () => Promise<Readable>;
}

export interface PackContent {
  readonly entries: readonly PackEntry[];
  /** Names of entries that are neither a file nor a folder, such as links. */
  readonly odd: readonly string[];
  readonly close: () => void;
}

const nextStep = "Pass the folder or the .zip file of an evidence pack.";

/**
 * @throws `UserError` if there is no pack at the path, if the file system refuses it, or if the zip file is damaged or contains
 *   a hostile name.
 */
export async function openPack(path: string): Promise<PackContent> {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new UserError(`File or folder not found: ${path}.`, nextStep);
    return await (found.isDirectory() ? packIn(path) : filesInZip(path));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    const { path: place = path } = error as NodeJS.ErrnoException;
    throw new UserError(`${place} cannot be read: ${fileProblem(error)}.`, nextStep, { cause: error });
  }
}

/** @throws `UserError` if it has no manifest: a folder that is none may be a whole disk, so nothing else is listed first. */
async function packIn(folder: string): Promise<PackContent> {
  if (!existsSync(join(folder, manifestName))) {
    const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    throw noManifest(inside.map(({ name }) => name).find((name) => existsSync(join(folder, name, manifestName))));
  }
  return filesIn(folder);
}

/**
 * Returns the error for a pack without a manifest.
 * @param inside the folder in it that has one.
 */
export function noManifest(inside: string | undefined): UserError {
  return inside === undefined
    ? new UserError(`The pack has no ${manifestName}.`, nextStep)
    : new UserError(
        `The pack has no ${manifestName}, but its folder ${inside} has one.`,
        "Pass that folder, unpacked if it is in a .zip file.",
      );
}

export async function filesIn(folder: string): Promise<PackContent> {
  const entries: PackEntry[] = [];
  const odd: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join("/");
    if (entry.isFile()) {
      const { size: bytes } = await stat(path);
      entries.push({ name, bytes, read: () => Promise.resolve(createReadStream(path)) });
    } else if (!entry.isDirectory()) {
      odd.push(name);
    }
  }
  return { entries, odd, close: () => undefined };
}

async function filesInZip(path: string): Promise<PackContent> {
  let zip: ZipFile | undefined;
  try {
    // With strict names, a name with a backslash, a drive or `..` is an error.
    zip = await openPromise(path, { autoClose: false, lazyEntries: true, strictFileNames: true });
    const opened = zip;
    const entries = new Map<string, PackEntry>();
    const odd: string[] = [];
    for await (const entry of opened.eachEntry()) {
      const { fileName: name, uncompressedSize: bytes } = entry;
      // Most programs, unlike this one, add an entry for each folder.
      if (name.endsWith("/") && bytes === 0) continue;
      if (entries.has(name)) throw new Error(`two files have the name ${name}`);
      if (isOdd(entry)) odd.push(name);
      else entries.set(name, { name, bytes, read: () => opened.openReadStreamPromise(entry) });
    }
    return {
      entries: [...entries.values()],
      odd,
      close: () => {
        opened.close();
      },
    };
  } catch (error) {
    zip?.close();
    if (errorCode(error) !== undefined) throw error;
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
    throw new UserError(`${path} is refused: ${reason}.`, "Get the evidence pack again from whoever made it.", {
      cause: error,
    });
  }
}

/** Systems that store the mode of a file in the upper half of `externalFileAttributes` (APPNOTE.TXT, 4.4.2): Unix, macOS. */
const unixSystems = [3, 19];

/** Bits of a Unix mode (inode(7)). */
const typeBits = 0o170000;
const regularFile = 0o100000;

/** Returns whether unpacking creates something other than a file, such as a link. */
function isOdd({ versionMadeBy, externalFileAttributes }: Entry): boolean {
  const type = (externalFileAttributes >>> 16) & typeBits;
  return unixSystems.includes(versionMadeBy >>> 8) && type !== 0 && type !== regularFile;
}
