import type { BlobStore, BlobStoreOptions } from "./blobStore.ts";

/** Opens a container. Azure's libraries are loaded here, so that other commands start without them. */
export async function openBlobStore(options: BlobStoreOptions): Promise<BlobStore> {
  const { openContainer } = await import("./blobContainer.ts");
  return openContainer(options);
}
