import { closeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import logger from "azurite/dist/src/common/Logger.js";
import fsExtents from "azurite/dist/src/common/persistence/FSExtentStore.js";
import type { LokiDatabase } from "azurite/dist/src/common/persistence/LokiExtentMetadataStore.js";
import lokiExtents from "azurite/dist/src/common/persistence/LokiExtentMetadataStore.js";
import type { Clock } from "../clock.ts";
import { restoreOrStartAnew, stateFileFailure } from "../stateFile.ts";
import { ClockedMetadataStore } from "./clockedMetadataStore.ts";

/** Azurite's three stores in one folder: the metadata of the blobs, the locations of their bytes, and the bytes. */
export interface AzuriteStores {
  readonly metadata: ClockedMetadataStore;
  readonly extents: InstanceType<typeof fsExtents.default>;
  /** Writes the two databases to disk immediately; Azurite alone would do so up to five seconds later. */
  save(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens or creates the stores. Omits Azurite's garbage collector, which would keep a timer: a sandbox is deleted before
 * the bytes of deleted blobs matter.
 * @param onError - called if changes cannot be saved in the background, for example because the disk is full.
 */
export async function openStores(
  directory: string,
  clock: Clock,
  onError: (error: unknown) => void,
): Promise<AzuriteStores> {
  await mkdir(join(directory, "extents"), { recursive: true });
  const files = blobFiles(directory);
  const metadata = new ClockedMetadataStore(files.metadata, clock);
  const extentMetadata = new lokiExtents.default(files.extents, false);
  const extents = new fsExtents.default(
    extentMetadata,
    [{ locationId: "Default", locationPath: join(directory, "extents"), maxConcurrency: 8 }],
    logger.default,
  );
  const databases = [
    [files.metadata, metadata],
    [files.extents, extentMetadata],
  ] as const;
  const nextStep = restoreOrStartAnew(dirname(directory));
  // Loki saves on a timer from the start, even over a file that it cannot read, and its errors are unhandled.
  for (const [, { db }] of databases) db.autosaveDisable();
  for (const [file, store] of databases) {
    await store.init().catch((error: unknown) => {
      throw stateFileFailure(file, nextStep, error);
    });
  }
  for (const [file, { db }] of databases) {
    db.autosaveEnable(undefined, (error) => {
      if (error) onError(stateFileFailure(file, nextStep, error));
    });
  }
  await extents.init();

  const save = merged(async () => {
    await saveDatabase(extentMetadata.db);
    await saveDatabase(metadata.db);
  });
  return {
    metadata,
    extents,
    save,
    async close() {
      await save();
      await extents.close();
      await metadata.close();
      for (const { fd } of extents.activeWriteExtents) {
        if (fd !== undefined) closeSync(fd);
      }
    },
  };
}

/** Returns the paths of the two databases in the folder of the blobs. */
export function blobFiles(directory: string): { readonly metadata: string; readonly extents: string } {
  return { metadata: join(directory, "blobs.json"), extents: join(directory, "extents.json") };
}

/** Runs `task` once for all concurrent callers, and never twice at a time. */
function merged(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        running = task();
        return running;
      });
    return next;
  };
}

function saveDatabase(database: LokiDatabase): Promise<void> {
  return new Promise((resolve, reject) => {
    database.saveDatabase((error) => {
      if (error) {
        reject(error);
      } else {
        resolve();
      }
    });
  });
}
