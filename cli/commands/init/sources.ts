/**
 * The files of this repository that `init` copies into a project. The package has copies of them under the same paths,
 * beside the compiled code.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pipelines } from "./pipelines.ts";

type Files = Readonly<Record<string, string>>;

/** Path in the project to path in this repository. */
export const programFiles = { "index.ts": "index.ts", "start.js": "start.js" } as const;
export const companionFiles = {
  "tsconfig.json": "cli/scaffold/tsconfig.json",
  ".gitignore": "cli/scaffold/gitignore",
  "README.md": "cli/scaffold/README.md",
} as const;
export const projectFile = "Pulumi.yaml";
/** The root manifest, which supplies the versions for the project's. */
export const manifestFile = "package.json";

export const sourcePaths: readonly string[] = [
  projectFile,
  manifestFile,
  ...[programFiles, companionFiles, ...Object.values(pipelines)].flatMap((files: Files) => Object.values(files)),
];

/** Folder of the copies in `dist`. */
export const copiesFolder = "scaffold";

const folder = import.meta.filename.endsWith(".ts")
  ? join(import.meta.dirname, "../../..")
  : join(import.meta.dirname, "../..", copiesFolder);

export function readSource(path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

/** File contents by path in the project. */
export function readSources(files: Files): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, source]) => [path, readSource(source)]));
}
