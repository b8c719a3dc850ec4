/** Updates the copy of a blob that fits into memory. Its content is written once, plain or packed. */
import { hash } from "node:crypto";
import type { Refusal, RemoteBlob } from "./blobStore.ts";
import { isDone, type CopyFiles, type Manifest } from "./copyFiles.ts";
import { endOfLines } from "./lastLine.ts";
import { isPacked, pack, unpack } from "./packedCopy.ts";

/** The content of a copy. */
interface Content {
  readonly lines: Buffer;
  readonly isPacked: boolean;
}

/**
 * @param isSettled whether the blob no longer grows; its copy is then packed.
 * @returns the copy's manifest, or why the blob could not be read as described. What was there before is then kept.
 */
export async function updateWhole(files: CopyFiles, blob: RemoteBlob, isSettled: boolean): Promise<Manifest | Refusal> {
  const write = (lines: Buffer): void => {
    files.cache.write(files.name, isSettled && lines.length > 0 ? pack(lines) : lines);
  };
  const kept = await files.kept(blob, (manifest) =>
    contentOf(files.cache.read(files.name), manifest, {
      longest: blob.length,
      isAll: isDone(manifest, blob, isSettled),
    }),
  );
  if (kept !== undefined && isDone(kept.manifest, blob, isSettled)) {
    if (isSettled && !kept.content.isPacked && kept.manifest.bytes > 0) write(kept.content.lines);
    return kept.manifest;
  }
  return files.buffers.lend(blob.length, async (all) => {
    let end = kept?.content.lines.copy(all) ?? 0;
    end += Buffer.from(kept?.manifest.tail ?? "", "base64").copy(all, end);
    if (end < all.length) {
      const refusal = await files.read(blob, end, all.length, (bytes) => {
        end += bytes.copy(all, end);
      });
      if (refusal !== undefined) return refusal;
    }
    const isFinal = isSettled || !blob.isAppended;
    const lines = all.subarray(0, isFinal ? all.length : endOfLines(all));
    write(lines);
    const tail = all.toString("base64", lines.length);
    return files.describe(blob, { bytes: lines.length, sha256: hash("sha256", lines), tail });
  });
}

/**
 * Returns the content that a manifest describes; `undefined` if the file does not hold it.
 * @param isAll whether nothing may follow it. Otherwise more may follow, if a run was killed before it wrote the manifest.
 */
function contentOf(
  file: Buffer | undefined,
  { bytes, sha256 }: Manifest,
  { longest, isAll }: { longest: number; isAll: boolean },
): Content | undefined {
  const isPackedFile = file !== undefined && isPacked(file);
  const content = isPackedFile ? unpack(file, longest) : file;
  // A copy without a line may have an empty file, or none.
  const lines = bytes === 0 ? Buffer.alloc(0) : content?.subarray(0, bytes);
  if (lines === undefined || hash("sha256", lines) !== sha256) return undefined;
  return isAll && bytes > 0 && content?.length !== bytes ? undefined : { lines, isPacked: isPackedFile };
}
