import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Path of the page in a package, written by tools/packaging/prepack.ts. */
const packed = join(import.meta.dirname, "page.html");

/**
 * @returns the page without a trail. In a clone it is bundled on each call, so that it is never older than its sources.
 */
export async function pageTemplate(): Promise<string> {
  if (!import.meta.filename.endsWith(".ts")) return readFile(packed, "utf8");
  const { bundlePage } = await import("./bundlePage.ts");
  return bundlePage();
}
