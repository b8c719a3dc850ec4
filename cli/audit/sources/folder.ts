import { readdirSync, type Dirent } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { cannotRead } from "../../files/fileProblem.ts";
import type { Unreadable } from "../records/types.ts";

/** The files in a folder. */
export interface FolderListing {
  /** Sorted by path, which is by hour in an archive's own layout. */
  readonly files: readonly string[];
  /** Entries that cannot be read. */
  readonly unreadable: readonly Unreadable[];
}

/**
 * Lists all files in a folder and its subfolders, whatever their names. Names that begin with a dot are skipped. Symbolic links
 * are followed; each file and folder is listed once.
 * @param leftOut folders that are skipped, without symbolic links.
 * @throws an error of the file system if the folder itself cannot be read.
 */
export async function listFolder(folder: string, leftOut: readonly string[] = []): Promise<FolderListing> {
  const listing = new Listing(leftOut);
  await listing.enter({ path: folder, real: await realpath(folder) }, await entriesOf(folder));
  return listing.result();
}

/** A file or folder: its path, and the same path without symbolic links. */
interface Place {
  readonly path: string;
  readonly real: string;
}

class Listing {
  /** Keyed by real path. */
  readonly #files = new Map<string, string>();
  readonly #folders: Set<string>;
  readonly #unreadable: Unreadable[] = [];

  constructor(leftOut: readonly string[]) {
    this.#folders = new Set(leftOut);
  }

  result(): FolderListing {
    return { files: [...this.#files.values()].sort(), unreadable: this.#unreadable };
  }

  async enter({ path, real }: Place, entries: readonly Dirent<Buffer>[]): Promise<void> {
    this.#folders.add(real);
    // Links come last, so that an entry of the folder itself keeps its own path rather than that of a link to it.
    const inOrder = [...entries].sort((one, other) => Number(one.isSymbolicLink()) - Number(other.isSymbolicLink()));
    for (const entry of inOrder) {
      const name = entry.name.toString();
      const place = { path: join(path, name), real: join(real, name) };
      if (!Buffer.from(name).equals(entry.name)) {
        this.#cannot(place, "Its name is not UTF-8: rename it to have it read.");
      } else if (!name.startsWith(".")) {
        await this.#add(place, entry).catch((error: unknown) => {
          this.#cannot(place, cannotRead(error));
        });
      }
    }
  }

  async #add(place: Place, entry: Dirent<Buffer>): Promise<void> {
    const isLink = entry.isSymbolicLink();
    const found = isLink ? await stat(place.path) : entry;
    const real = isLink ? await realpath(place.path) : place.real;
    if (found.isFile()) {
      this.#files.set(real, isLink ? (this.#files.get(real) ?? place.path) : place.path);
    } else if (!found.isDirectory()) {
      this.#cannot(place, "It is neither a file nor a folder.");
    } else if (!this.#folders.has(real)) {
      await this.enter({ path: place.path, real }, await entriesOf(place.path));
    }
  }

  #cannot({ path }: Place, reason: string): void {
    this.#unreadable.push({ file: path, line: null, reason });
  }
}

/**
 * Reads synchronously: an archive has a folder for each hour, and a trip through the thread pool for each would take longer
 * than the read.
 */
async function entriesOf(folder: string): Promise<Dirent<Buffer>[]> {
  await breathe();
  return readdirSync(folder, { withFileTypes: true, encoding: "buffer" });
}
