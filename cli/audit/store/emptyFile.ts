import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LineFiles } from "./lines.sql.ts";

/**
 * The files with one without a byte beside them. DuckDB 1.5 passes over a byte order mark where it reads several files, but not
 * where it reads one only: without another, the same file could be read in one scan and not in the next.
 * @param folder where the empty file is.
 */
export function withEmptyFile(files: LineFiles, folder: string): LineFiles {
  const file = join(folder, "empty.json");
  if (!existsSync(file)) writeFileSync(file, "");
  return { ...files, paths: [...files.paths, file] };
}
