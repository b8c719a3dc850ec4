/** What `init` writes into a folder, and what it finds there. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { projectManifest } from "./manifest.ts";
import { pipelines, type PipelineName } from "./pipelines.ts";
import { companionFiles, manifestFile, programFiles, projectFile, readSource, readSources } from "./sources.ts";

/** Texts of files, by their paths in the folder. */
export type Files = Readonly<Record<string, string>>;

/** All files of a new project but the config of its stacks. */
export function projectFiles(ci: PipelineName): Files {
  return {
    [manifestFile]: `${JSON.stringify(projectManifest(), null, 2)}\n`,
    ...readSources(programFiles),
    ...readSources(companionFiles),
    ...readSources(pipelines[ci]),
    // Last: a folder that has it counts as a project.
    [projectFile]: readSource(projectFile),
  };
}

export interface Plan {
  readonly create: Files;
  /** Paths of files that exist; they are left as they are. */
  readonly keep: readonly string[];
}

export function planFiles(files: Files, folder: string): Plan {
  const keep = Object.keys(files).filter((path) => existsSync(join(folder, path)));
  return { create: Object.fromEntries(Object.entries(files).filter(([path]) => !keep.includes(path))), keep };
}

/** Files that the project would run, and that are somebody else's. */
export function programProblems(folder: string): UserError[] {
  const foreign = Object.entries(readSources(programFiles)).filter(
    ([path, text]) => existsSync(join(folder, path)) && !has(join(folder, path), text),
  );
  return foreign.map(
    ([path]) =>
      new UserError(
        `${path} exists, and the project would run it as its program.`,
        `Move ${path}, or run init in another folder.`,
      ),
  );
}

function has(path: string, text: string): boolean {
  return statSync(path).isFile() && readFileSync(path, "utf8") === text;
}
