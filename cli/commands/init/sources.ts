/** The files of this repository that a project gets. A package has copies of them, by the same paths, beside what is compiled. */
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
/** Of the root: the project gets what it says of versions. */
export const manifestFile = "package.json";

export const sourcePaths: readonly string[] = [
  projectFile,
  manifestFile,
  ...[programFiles, companionFiles, ...Object.values(pipelines)].flatMap((files: Files) => Object.values(files)),
];

/** Folder of the copies, in `dist`. */
export const copiesFolder = "scaffold";

const folder = import.meta.filename.endsWith(".ts")
  ? join(import.meta.dirname, "../../..")
  : join(import.meta.dirname, "../..", copiesFolder);

export function readSource(path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

/** The texts of files, by their paths in the project. */
export function readSources(files: Files): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, source]) => [path, readSource(source)]));
}
