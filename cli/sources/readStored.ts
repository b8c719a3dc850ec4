/** How the commands read a log's files with the evidence store. */
import { toCacheError } from "../audit/sources/archive/errors.ts";
import type { Besides } from "../audit/store/besides.ts";
import type { FileEvidenceOptions } from "../audit/store/readEvidence.ts";
import { lifetimeDays } from "../files/cacheLifetime.ts";
import type { Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { namedByBlob, tellDamaged, type FoundFiles } from "./logFiles.ts";

/** DuckDB's memory limit, independent of the size of the logs. The rest of the process uses about as much again. */
export const memoryLimitMb = 512;

/** The store in which a log's files are kept. */
interface Kept {
  readonly cacheDir: string;
  /** The log, in the words of the progress line. */
  readonly what: string;
}

/**
 * Reads a log's files with the store, and then removes evidence that has not been used for long.
 * @throws `UserError` if the lifetime in the environment is invalid, before anything is read.
 */
export async function readStored<Of>(
  found: FoundFiles,
  kept: Kept,
  io: Io,
  progress: Progress,
  read: (options: FileEvidenceOptions) => Promise<Of>,
): Promise<Of> {
  const lifetime = lifetimeDays(io.env);
  const { store, ...options } = evidenceOptions(found, kept, io, progress);
  const result = await read({ ...options, store }).catch((error: unknown) => {
    // Somebody removed the cache in the meantime. Without it, everything is read once more.
    if (isRemoved(error, kept.cacheDir)) return read(options);
    throw toCacheError(error, kept.cacheDir);
  });
  const { removeUnused } = await import("../audit/store/lifetime.ts");
  await removeUnused(kept.cacheDir, lifetime);
  return result;
}

/** Returns whether a file of the cache is missing, by an error of Node or of DuckDB. */
function isRemoved(error: unknown, cacheDir: string): boolean {
  return (
    error instanceof Error && error.message.includes(cacheDir) && /no (?:such file|files found)/i.test(error.message)
  );
}

function evidenceOptions(
  { files, unreadable, of }: FoundFiles,
  { cacheDir, what }: Kept,
  io: Io,
  progress: Progress,
): FileEvidenceOptions & Required<Pick<FileEvidenceOptions, "store">> {
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
export function besidesByBlob<Of extends Pick<Besides, "unreadable" | "lostIn">>(
  besides: Of,
  found: Pick<FoundFiles, "blobOf">,
): Of {
  return {
    ...besides,
    unreadable: namedByBlob(besides.unreadable, found),
    lostIn: besides.lostIn.map((file) => found.blobOf.get(file) ?? file),
  };
}
