/** The roles that the commands need, as defined in cli/roles. */
import type { Action } from "../../azure/permissions.ts";
import { readRole } from "../../roleFiles.ts";

export const roleNames = ["requester", "operator", "analyst"] as const;
export type RoleName = (typeof roleNames)[number];

/** A role with the commands that need it. */
export interface Role {
  readonly of: RoleName;
  /** Name of the role in Azure. */
  readonly name: string;
  readonly commands: string;
  readonly actions: readonly Action[];
  /** Scope at which it is assigned. */
  readonly place: "resourceGroup" | "archive" | "workspace";
}

/** All roles that the checked commands need, in the order of docs/cli.md. */
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
    },
    {
      of: "analyst",
      name: "Log Analytics Reader",
      commands: "logs --source workspace",
      actions: [{ name: "Microsoft.OperationalInsights/workspaces/query/read", data: false }],
      place: "workspace",
    },
  ];
}

function custom(of: "requester" | "operator", commands: string): Role {
  const { Name, Actions, DataActions } = readRole(of);
  return {
    of,
    name: Name,
    commands,
    actions: [...Actions.map((name) => ({ name, data: false })), ...DataActions.map((name) => ({ name, data: true }))],
    place: "resourceGroup",
  };
}
