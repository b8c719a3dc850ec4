import { readFileSync } from "node:fs";

/** The version of this package. */
export function packageVersion(): string {
  // The package's own file: beside this module, or above it if this module is dist/version.js.
  const folder = import.meta.filename.endsWith(".ts") ? "." : "..";
  const manifest = JSON.parse(readFileSync(`${import.meta.dirname}/${folder}/package.json`, "utf8")) as unknown;
  return (manifest as { version: string }).version;
}
