/**
 * Roles for the users and jobs that use the CLI. The files in roles/, which the package ships, are written from them.
 */
import { join, resolve } from "node:path";
import { roles } from "@bastion-trail/core/roles/index";
import { type RoleFile, roleFile } from "@bastion-trail/core/roles/roleFile";
import { matchesAction } from "./azure/actionPattern.ts";

/** Roles with fewer permissions first. */
export const roleFileNames = ["requester", "operator", "doctor"] as const satisfies readonly (keyof typeof roles)[];
export type RoleFileName = (typeof roleFileNames)[number];

/** Absolute path of the file: beside this module, or above it if this module is dist/roleFiles.js. */
export function roleFilePath(name: RoleFileName): string {
  const root = import.meta.filename.endsWith(".ts") ? "." : "..";
  return join(resolve(import.meta.dirname, root), "roles", `${name}.json`);
}

/** The role in the form of its file. */
export function readRole(name: RoleFileName): RoleFile {
  return roleFile(roles[name]);
}

/** The first role that allows an action; `undefined` if there is none. */
export function roleWith(action: string): RoleFileName | undefined {
  return roleFileNames.find((name) => matchesAction(roles[name].actions, action));
}
