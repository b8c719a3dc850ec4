/** The Pulumi project in a folder, if there is one. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../errors.ts";
import { manifestFile, projectFile, readSource } from "./sources.ts";

const program = "@bastion-trail/program";
/** Pulumi prefers the first of them to `Pulumi.yaml` (pulumi, encoding/marshal.go). */
const otherEndings = ["Pulumi.json", "Pulumi.yml"];

/**
 * Returns the name of the project, which is the namespace of its config keys.
 * @returns `undefined` if the folder has no project.
 * @throws `UserError` if the project's program has other config keys, or they cannot be determined.
 */
export function projectIn(folder: string): string | undefined {
  const path = join(folder, projectFile);
  const other = otherEndings.map((name) => join(folder, name)).find((name) => existsSync(name));
  if (other !== undefined) {
    throw new UserError(
      `${other} is a Pulumi project, and init knows only ${projectFile}.`,
      "Run init in a folder of its own, or rename the file.",
    );
  }
  if (!existsSync(path)) return undefined;
  const name = nameIn(readFileSync(path, "utf8"));
  if (name === undefined) {
    throw new UserError(
      `${path} is not a Pulumi project: it has no name.`,
      "Correct it, or run init in another folder.",
    );
  }
  if (!usesProgram(join(folder, manifestFile))) {
    throw new UserError(
      `${path} is of another program: ${manifestFile} does not name ${program}.`,
      "Run init in a folder of its own.",
    );
  }
  return name;
}

/** The name of a project that `init` creates. */
export function templateProject(): string {
  const name = nameIn(readSource(projectFile));
  if (name === undefined) throw new Error(`${projectFile} has no name.`);
  return name;
}

function nameIn(text: string): string | undefined {
  try {
    const { name } = (parse(text) ?? {}) as { name?: unknown };
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}

function usesProgram(path: string): boolean {
  try {
    const { dependencies = {} } = JSON.parse(readFileSync(path, "utf8")) as { dependencies?: object };
    return Object.hasOwn(dependencies, program);
  } catch {
    return false;
  }
}
