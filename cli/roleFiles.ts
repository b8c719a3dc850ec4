/** The roles for people and jobs that use the CLI: the files in roles/, which the package ships. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { matchesAction } from "./azure/actionPattern.ts";

/** Those that give less come first. */
export const roleFileNames = ["requester", "operator", "doctor"] as const;
export type RoleFileName = (typeof roleFileNames)[number];

/** As `az role definition create` takes it. */
export interface RoleDefinition {
  readonly Name: string;
  readonly Actions: readonly string[];
  readonly DataActions: readonly string[];
}

/** Absolute path: beside this file, or above it when this one is dist/roleFiles.js. */
export function roleFilePath(name: RoleFileName): string {
  const root = import.meta.filename.endsWith(".ts") ? "." : "..";
  return join(resolve(import.meta.dirname, root), "roles", `${name}.json`);
}

export function readRole(name: RoleFileName): RoleDefinition {
  return JSON.parse(readFileSync(roleFilePath(name), "utf8")) as RoleDefinition;
}

/** The first of the roles that allows an action; `undefined` where none does. */
export function roleWith(action: string): RoleFileName | undefined {
  return roleFileNames.find((name) => matchesAction(readRole(name).Actions, action));
}
