/** Hashes the sources of a pack in the archive as it is now. */
import { digestOf, newHash } from "../../audit/sources/archive/contentHash.ts";
import type { BlobStore } from "../../audit/sources/archive/blobStore.ts";
import { openBlobStore } from "../../audit/sources/archive/openBlobStore.ts";
import { archiveSignIn } from "../../azureAccess.ts";
import { UserError } from "../../errors.ts";
import type { HashOfSource } from "../../evidence/verifySources.ts";
import type { Io } from "../../io.ts";
import { openSettings } from "../../settings/settings.ts";
import type { ArchiveFolder, SettingsFlags } from "../../settings/settingValues.ts";
import { archives } from "./sources.ts";

/** Number of times a blob may change while it is read. */
const changesBorne = 5;

/** Reads the blobs themselves, not the cached copies. @throws `UserError` if the settings have no archive. */
export async function archiveHashes(flags: SettingsFlags, io: Io): Promise<HashOfSource> {
  const settings = openSettings(flags, io);
  await settings.need("archive");
  const stores = new Map<string, BlobStore>();
  for (const log of archives) {
    const folder = await settings.find(log);
    if (folder !== undefined) stores.set(folder.container, await storeOf(folder, io));
  }
  return async ({ name, bytes }) => {
    const [container = "", ...segments] = name.split("/");
    const store = stores.get(container);
    if (store === undefined) {
      throw new UserError(
        `The settings name no archive with the container of ${name}.`,
        "Pass the settings of the deployment, or --source with a folder.",
      );
    }
    return hashIn(store, segments.join("/"), bytes);
  };
}

async function storeOf({ blobEndpoint, container }: ArchiveFolder, io: Io): Promise<BlobStore> {
  const signIn = await archiveSignIn(blobEndpoint, io);
  return openBlobStore({ blobEndpoint, container, concurrency: 1, signal: io.signal, ...signIn });
}

async function hashIn(store: BlobStore, name: string, bytes: number): ReturnType<HashOfSource> {
  for (let changes = 0; changes < changesBorne; changes += 1) {
    const blob = await store.look(name);
    if (blob === undefined) return "missing";
    if (blob.length < bytes) return "shorter";
    const hash = newHash();
    const take = (chunk: Buffer): Promise<void> => {
      hash.update(chunk);
      return Promise.resolve();
    };
    const refusal = bytes === 0 ? undefined : await store.read(blob, 0, bytes, take);
    if (refusal === undefined) return { sha256: digestOf(hash) };
  }
  throw new UserError(`The blob ${name} changes faster than it can be read.`, "Try again later.");
}
