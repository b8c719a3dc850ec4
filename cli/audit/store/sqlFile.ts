import { readFileSync } from "node:fs";

/** The text of a file of SQL. */
export function sqlFile(url: URL): string {
  return readFileSync(url, "utf8");
}
