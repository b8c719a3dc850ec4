/**
 * The folder in which Pulumi runs the program. It is a separate project, so that nothing is written into an installed
 * package.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, stringify } from "yaml";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { makeFolders } from "../../files/makeFolders.ts";
import { ownerOnlyFile, ownerOnlyFolder } from "../../files/privateFolder.ts";
import { stackFileName } from "../../pulumi.ts";
import { stateFolder } from "../../files/stateFolder.ts";

/** The package with the program. */
const packageName = "@bastion-trail/bootstrap";

export interface Program {
  /** Folder of its Pulumi.yaml. */
  readonly folder: string;
  /** Content of its Pulumi.yaml. */
  readonly project: Readonly<Record<string, unknown>> & { readonly name: string };
  /** Folder of its stack files, in the user's own project. */
  readonly stackFiles: string;
}

/**
 * @param given value of `--program`.
 * @throws `UserError` if there is no program.
 */
export function findProgram(given: string | undefined, io: Io): Program {
  const own = join(io.cwd, "bootstrap");
  const installed = given === undefined && !existsSync(join(own, "Pulumi.yaml")) ? installedIn(io.cwd) : undefined;
  const folder = installed ?? resolve(io.cwd, given ?? own);
  const file = join(folder, "Pulumi.yaml");
  if (!existsSync(file)) {
    throw new UserError(
      given === undefined
        ? `Bootstrap program not found: neither ${own} nor the package ${packageName} exists.`
        : `No Pulumi.yaml in ${folder}.`,
      given === undefined ? `Run \`npm install --save-dev ${packageName}\`.` : "Check --program.",
    );
  }
  const project: unknown = parse(readFileSync(file, "utf8"));
  if (!isProject(project)) throw new UserError(`${file} has no project name.`, "Check --program.");
  return { folder, project, stackFiles: installed === undefined ? folder : own };
}

function isProject(value: unknown): value is Program["project"] {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}

function installedIn(folder: string): string | undefined {
  try {
    return dirname(createRequire(join(folder, "package.json")).resolve(`${packageName}/package.json`));
  } catch {
    return undefined;
  }
}

export interface Workspace {
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
  readonly subscriptionId: string;
  /** Path of the stack file that Pulumi reads and writes. */
  readonly stackFile: string;
  /** URL of the backend in this folder. */
  readonly localBackend: string;
  readonly passphraseFile: string;
  readonly backups: string;
}

/** The folder on this computer for the state of a subscription's stack. */
export function workspaceFolder(io: Io, subscriptionId: string, stack: string): string {
  return join(stateFolder(io.env), "bootstrap", subscriptionId, stack);
}

/**
 * Creates or opens the folder.
 * @param folder `workspaceFolder`, or a temporary one for a preview.
 */
export function openWorkspace(
  folder: string,
  { program, stack, subscriptionId }: { program: Program; stack: string; subscriptionId: string },
): Workspace {
  const state = join(folder, "state");
  makeFolders(state, ownerOnlyFolder);
  const { main = ".", ...project } = program.project;
  const text = stringify({ ...project, main: resolve(program.folder, String(main)) });
  writeFileSync(join(folder, "Pulumi.yaml"), text);
  const passphraseFile = join(folder, "passphrase");
  // Used only for the state on this computer. Once the state has moved, its secrets are encrypted with the new key.
  if (!existsSync(passphraseFile)) {
    writeFileSync(passphraseFile, randomBytes(32).toString("base64url"), { mode: ownerOnlyFile });
  }
  return {
    folder,
    project: program.project.name,
    stack,
    subscriptionId,
    stackFile: join(folder, stackFileName(stack)),
    // Without metadata files: if a killed Pulumi left an incomplete one, no later command could open the stack.
    localBackend: `${pathToFileURL(state).href}?metadata=skip`,
    passphraseFile,
    backups: join(folder, "backups"),
  };
}
