/** The roles for people and jobs that use the CLI: the files in roles/, which the package ships, are written from them. */
import { join, resolve } from "node:path";
import { roles } from "@bastion-trail/core/roles/index";
import { type RoleFile, roleFile } from "@bastion-trail/core/roles/roleFile";
import { matchesAction } from "./azure/actionPattern.ts";

/** Those that give less come first. */
export const roleFileNames = ["requester", "operator", "doctor"] as const satisfies readonly (keyof typeof roles)[];
export type RoleFileName = (typeof roleFileNames)[number];

/** Absolute path: beside this file, or above it when this one is dist/roleFiles.js. */
export function roleFilePath(name: RoleFileName): string {
  const root = import.meta.filename.endsWith(".ts") ? "." : "..";
  return join(resolve(import.meta.dirname, root), "roles", `${name}.json`);
}

/** The role as its file has it. */
export function readRole(name: RoleFileName): RoleFile {
  return roleFile(roles[name]);
}

/** The first of the roles that allows an action; `undefined` where none does. */
export function roleWith(action: string): RoleFileName | undefined {
  return roleFileNames.find((name) => matchesAction(roles[name].actions, action));
}
