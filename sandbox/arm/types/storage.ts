import type { BlobService } from "../../blobs/blobService.ts";
import type { ProviderModule, TypeRules } from "../model.ts";

/** `Microsoft.Storage`: storage accounts with their containers, immutability and lifecycle policies. */
export function storageProvider(parts: { blobs: BlobService }): ProviderModule {
  const types: TypeRules[] = [];
  return { namespace: "Microsoft.Storage", types: parts.blobs ? types : types };
}
