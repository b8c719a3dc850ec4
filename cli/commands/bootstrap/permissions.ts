/** `bootstrap --print-permissions` */
import type { builtInRoles } from "@bastion-trail/core/roles/builtInRoles";
import { type Grant, grants, type Recipient } from "@bastion-trail/core/roles/grants";
import { roles } from "@bastion-trail/core/roles/index";
import { exitCodes, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { report } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import { flagOf } from "./options.ts";

interface PermissionRow {
  readonly who: string;
  /** The role's name in Azure. */
  readonly role: string;
  readonly on: string;
  /** The limits of the assignment; null if the role is assigned without limits. */
  readonly limit: string | null;
  /** Actions of a custom role; null for a built-in role. */
  readonly actions: readonly string[] | null;
}

const columns: readonly Column<PermissionRow>[] = [
  { key: "who", value: ({ who }) => who },
  { key: "role", value: ({ role }) => role },
  { key: "on", title: "ON", value: ({ on }) => on },
  { key: "limit", title: "LIMIT", value: ({ limit }) => limit },
];

const recipients: Readonly<Record<Recipient, string>> = {
  reader: "pull requests",
  auditor: "nightly jobs",
  deployer: "deployments",
  caller: "you, given by it",
  operators: `group of ${flagOf("operatorsGroupId")}`,
  requesters: `group of ${flagOf("requestersGroupId")}`,
  analysts: `group of ${flagOf("analystsGroupId")}`,
};
const places: Readonly<Record<Grant["on"], string>> = {
  subscription: "subscription",
  state: "state container",
  key: "secrets key",
};
const limits: Readonly<Record<NonNullable<Grant["condition"]>, string>> = {
  onlyBlobWriters: "assigns Storage Blob Data Contributor to service principals, nothing else",
  onlyLogContainers: "containers of logs",
};

/** Lists the roles needed to run `bootstrap`, and those it assigns. Requires no sign-in. */
export async function printPermissions(io: Io, json: boolean): Promise<ExitCode> {
  // Owner, because `bootstrap` creates resources, roles and assignments (Azure RBAC, "Azure built-in roles").
  const needed = { who: "you, to run it", role: "Owner", on: places.subscription, limit: null, actions: null };
  const rows: PermissionRow[] = [needed, ...grants.map(rowOf)];
  await report(io, { json }, { rows, columns, json: { permissions: rows }, empty: "" });
  if (!json) {
    await note(
      io,
      "Instead of Owner: Contributor with User Access Administrator. --json lists the actions of the custom roles.",
    );
  }
  return exitCodes.fine;
}

function rowOf({ to, role, on, condition }: Grant): PermissionRow {
  const custom = role in roles ? roles[role as keyof typeof roles] : undefined;
  return {
    who: recipients[to],
    role: custom?.name ?? titleOf(role as keyof typeof builtInRoles),
    on: places[on],
    limit: condition === undefined ? null : limits[condition],
    actions: custom?.actions ?? null,
  };
}

/** Title of a built-in role: `keyVaultCryptoUser` is Key Vault Crypto User. */
function titleOf(name: keyof typeof builtInRoles): string {
  return name.replaceAll(/[A-Z]/g, " $&").replace(/^./, (first) => first.toUpperCase());
}
