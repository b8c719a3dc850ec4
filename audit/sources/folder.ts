import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** What blobs and downloads of them are called: `PT1H.json`. */
const logFile = /\.(?:json|jsonl|ndjson)$/i;

/**
 * The log files in a folder of downloaded blobs and in the folders in it, sorted by path, which is by hour in an archive's own
 * layout. Hidden files and folders are left out.
 */
export async function listFolder(folder: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.name.startsWith(".")) {
        continue;
      } else if (entry.isDirectory()) {
        folders.push(path);
      } else if (logFile.test(entry.name)) {
        files.push(path);
      }
    }
  }
  return files.sort();
}
