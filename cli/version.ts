import { readFileSync } from "node:fs";

/** The version of this package. */
export function packageVersion(): string {
  // The package's own file: beside this one, or above it when this one is dist/version.js.
  const folder = import.meta.filename.endsWith(".ts") ? "." : "..";
  const manifest = JSON.parse(readFileSync(`${import.meta.dirname}/${folder}/package.json`, "utf8")) as unknown;
  return (manifest as { version: string }).version;
}
