/** Plans the files that `init` writes into a folder, given what exists there. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { jsonValue } from "../../jsonValue.ts";
import { readText } from "../../files/readText.ts";
import { projectManifest } from "./manifest.ts";
import { pipelines, type PipelineName } from "./pipelines.ts";
import { companionFiles, manifestFile, programFiles, projectFile, readSource, readSources } from "./sources.ts";

/** File contents by path in the folder. */
export type Files = Readonly<Record<string, string>>;

/** All files of a new project except the config of its stacks. */
export function projectFiles(ci: PipelineName): Files {
  return {
    [manifestFile]: `${JSON.stringify(projectManifest(), null, 2)}\n`,
    ...readSources(programFiles),
    ...readSources(companionFiles),
    ...readSources(pipelines[ci]),
    // Last, because a folder with this file counts as a project.
    [projectFile]: readSource(projectFile),
  };
}

export interface Plan {
  readonly create: Files;
  /** Paths of existing files. They are left unchanged. */
  readonly keep: readonly string[];
}

export function planFiles(files: Files, folder: string): Plan {
  const keep = Object.keys(files).filter((path) => existsSync(join(folder, path)));
  return { create: Object.fromEntries(Object.entries(files).filter(([path]) => !keep.includes(path))), keep };
}

/** Reports existing files that the project would run although `init` did not write them. */
export function programProblems(folder: string): UserError[] {
  const foreign = Object.entries(readSources(programFiles)).filter(
    ([path, text]) => existsSync(join(folder, path)) && !has(join(folder, path), text),
  );
  return [
    ...foreign.map(
      ([path]) =>
        new UserError(
          `${path} exists, and the project would run it as its program.`,
          `Move ${path}, or run init in another folder.`,
        ),
    ),
    ...manifestProblems(join(folder, manifestFile)),
  ];
}

/** npm adds no package to a manifest that it cannot read. */
function manifestProblems(path: string): UserError[] {
  if (!existsSync(path)) return [];
  const manifest = statSync(path).isFile() ? jsonValue(readText(path)) : undefined;
  return typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)
    ? []
    : [
        new UserError(
          `${manifestFile} is not a JSON object.`,
          `Correct ${manifestFile}, or run init in another folder.`,
        ),
      ];
}

function has(path: string, text: string): boolean {
  return statSync(path).isFile() && readFileSync(path, "utf8") === text;
}
