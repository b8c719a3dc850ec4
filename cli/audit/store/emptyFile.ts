import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LineFiles } from "./lines.sql.ts";

/**
 * Adds an empty file to the files. DuckDB 1.5 skips a byte order mark if it reads several files, but not if it reads only one.
 * Without a second file, the same file could be readable in one scan and unreadable in the next.
 * @param folder folder of the empty file.
 */
export function withEmptyFile(files: LineFiles, folder: string): LineFiles {
  const file = join(folder, "empty.json");
  if (!existsSync(file)) writeFileSync(file, "");
  return { ...files, paths: [...files.paths, file] };
}
