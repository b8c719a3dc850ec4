/** The roles that the commands need, as docs/roles has them for people to create. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { Action } from "../../azure/permissions.ts";

export const roleNames = ["requester", "operator", "analyst"] as const;
export type RoleName = (typeof roleNames)[number];

const roleFile = v.object({ Name: v.string(), Actions: v.array(v.string()), DataActions: v.array(v.string()) });

/** A role, and the commands that it is for. */
export interface Role {
  readonly of: RoleName;
  /** As Azure has it. */
  readonly name: string;
  readonly commands: string;
  readonly actions: readonly Action[];
  /** Where it is given. */
  readonly place: "resourceGroup" | "archive" | "workspace";
  /** How it comes to be in Azure. */
  readonly definition: string;
}

/** Every role that the checked commands need, in the order of docs/cli.md. */
export function rolesOf(): Role[] {
  return [
    custom("requester", "jit request and connect"),
    custom("operator", "sessions and jit revoke"),
    {
      of: "analyst",
      name: "Storage Blob Data Reader",
      commands: "logs",
      actions: [{ name: "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read", data: true }],
      place: "archive",
      definition: "a role of Azure's own",
    },
    {
      of: "analyst",
      name: "Log Analytics Reader",
      commands: "logs --source workspace",
      actions: [{ name: "Microsoft.OperationalInsights/workspaces/query/read", data: false }],
      place: "workspace",
      definition: "a role of Azure's own",
    },
  ];
}

function custom(of: RoleName, commands: string): Role {
  // The same folder beside the sources and in the package, where this file is dist/cli/doctor/roles.js.
  const up = import.meta.filename.endsWith(".ts") ? "../.." : "../../..";
  const file = `${of}.json`;
  const text = readFileSync(`${import.meta.dirname}/${up}/docs/roles/${file}`, "utf8");
  const { Name, Actions, DataActions } = v.parse(roleFile, JSON.parse(text));
  return {
    of,
    name: Name,
    commands,
    actions: [...Actions.map((name) => ({ name, data: false })), ...DataActions.map((name) => ({ name, data: true }))],
    place: "resourceGroup",
    definition: `made once with: az role definition create --role-definition @docs/roles/${file}`,
  };
}
