/** Writes an evidence pack, completely or not at all. Only its owner can read it. */
import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, renameSync } from "node:fs";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { ownerOnlyFile, ownerOnlyFolder } from "../files/privateFolder.ts";
import { removedOnExit } from "../files/temporaryFolder.ts";
import { UserError } from "../errors.ts";
import { placeAt, requireParent, unwritable } from "../files/outPath.ts";
import { TextWriter } from "../files/textWriter.ts";
import { type Hashed, manifestHashName, manifestName, manifestText, type Manifest } from "./manifest.ts";
import { filesIn } from "./packReader.ts";

/** A file of a pack that is being written. */
export interface PackFile {
  readonly write: (text: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

export class NewPack {
  /** The pack: a folder, or a file whose name ends with `.zip`. */
  readonly path: string;
  readonly #folder: string;
  readonly #files: Hashed[] = [];
  readonly #open = new Set<FileHandle>();
  readonly #removals: (() => void)[] = [];

  /** @throws `UserError` if the pack already exists, or if its parent folder does not. */
  constructor(path: string) {
    this.path = path;
    this.#folder = `${path}.${process.pid}.part`;
    requireParent(path);
    this.#refuseExisting();
    try {
      mkdirSync(this.#folder, { mode: ownerOnlyFolder });
    } catch (error) {
      throw unwritable(path, error);
    }
    this.#removals.push(removedOnExit(this.#folder));
  }

  /** Starts a file. @param name with `/` between folders. */
  async file(name: string): Promise<PackFile> {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true, mode: ownerOnlyFolder });
    const refused = (error: unknown): never => {
      throw unwritable(this.path, error);
    };
    const handle = await open(path, "wx", ownerOnlyFile).catch(refused);
    this.#open.add(handle);
    const hash = createHash("sha256");
    let bytes = 0;
    const writer = new TextWriter(handle, (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    return {
      write: (text) => writer.write(text).catch(refused),
      end: async () => {
        await writer.end().catch(refused);
        this.#files.push({ name, bytes, sha256: hash.digest("hex") });
        await handle.close();
        this.#open.delete(handle);
      },
    };
  }

  async add(name: string, pieces: Iterable<string> | AsyncIterable<string>, signal: AbortSignal): Promise<void> {
    const file = await this.file(name);
    for await (const piece of pieces) {
      signal.throwIfAborted();
      await file.write(piece);
    }
    await file.end();
  }

  /**
   * Writes the manifest and moves the pack into place.
   * @param sign writes a signature beside the manifest.
   * @returns the SHA-256 of the manifest.
   */
  async finish(
    about: Omit<Manifest, "format" | "formatVersion" | "files">,
    sign: (manifest: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<string> {
    const files = this.#files.toSorted(byName);
    await this.add(manifestName, [manifestText({ ...about, files })], signal);
    const sha256 = this.#files.at(-1)?.sha256 ?? "";
    await this.add(manifestHashName, [`${sha256}  ${manifestName}\n`], signal);
    await sign(join(this.#folder, manifestName));
    const isZip = this.path.toLowerCase().endsWith(".zip");
    if (isZip) {
      await this.#zip(signal).catch((error: unknown) => {
        throw unwritable(this.path, error);
      });
    }
    this.#refuseExisting();
    renameSync(isZip ? this.#zipPart() : this.#folder, this.path);
    return sha256;
  }

  /** Removes the temporary files. */
  async discard(): Promise<void> {
    for (const handle of this.#open) await handle.close();
    for (const remove of this.#removals) remove();
  }

  #zipPart(): string {
    return `${this.#folder}.zip`;
  }

  async #zip(signal: AbortSignal): Promise<void> {
    const zip = new ZipFile();
    const { entries } = await filesIn(this.#folder);
    for (const { name } of entries) zip.addFile(join(this.#folder, name), name, { mode: 0o100000 | ownerOnlyFile });
    this.#removals.push(removedOnExit(this.#zipPart()));
    const written = createWriteStream(this.#zipPart(), { flags: "wx", mode: ownerOnlyFile });
    zip.on("error", (error: Error) => written.destroy(error));
    zip.end();
    await pipeline(zip.outputStream, written, { signal });
  }

  #refuseExisting(): void {
    if (placeAt(this.path) !== "nothing") {
      throw new UserError(`${this.path} already exists.`, "Evidence is not overwritten: use another --out.");
    }
  }
}

export function byName(one: Hashed, other: Hashed): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}
