import { readFileSync } from "node:fs";

/** Returns the text of an SQL file. */
export function sqlFile(url: URL): string {
  return readFileSync(url, "utf8");
}
