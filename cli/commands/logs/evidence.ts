/** How the commands read a log's files with the evidence store. */
import type { Besides } from "../../audit/store/besides.ts";
import type { FileEvidenceOptions } from "../../audit/store/readEvidence.ts";
import type { Io } from "../../io.ts";
import type { Progress } from "../../progress.ts";
import { namedByBlob, tellDamaged, type FoundFiles } from "./files.ts";

/** DuckDB's memory limit, independent of the size of the logs. The rest of the process uses about as much again. */
export const memoryLimitMb = 512;

/** @param what the log, in the words of the progress line. */
export function evidenceOptions(
  { files, unreadable, of }: FoundFiles,
  { cacheDir, what }: { readonly cacheDir: string; readonly what: string },
  io: Io,
  progress: Progress,
): FileEvidenceOptions {
  progress.update(`Reading ${what}`);
  return {
    files,
    unreadable,
    now: io.now(),
    store: { cacheDir, of },
    onProgress: (done, total) => {
      io.signal.throwIfAborted();
      progress.update(`Reading ${what}: ${done} of ${total} files`);
    },
    onDamage: (damaged) => tellDamaged(damaged, io, progress),
  };
}

/** Names blobs instead of their copies, which exist on this computer only. */
export function besidesByBlob(besides: Besides, found: Pick<FoundFiles, "blobOf">): Besides {
  return {
    ...besides,
    unreadable: namedByBlob(besides.unreadable, found),
    lostIn: besides.lostIn.map((file) => found.blobOf.get(file) ?? file),
  };
}
