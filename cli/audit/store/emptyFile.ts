import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A file without a byte, to be scanned with others. DuckDB 1.5 passes over a byte order mark where it reads several files, but not
 * where it reads one only: without another, the same file could be read in one scan and not in the next.
 */
export function emptyFileIn(folder: string): string {
  const file = join(folder, "empty.json");
  if (!existsSync(file)) writeFileSync(file, "");
  return file;
}
