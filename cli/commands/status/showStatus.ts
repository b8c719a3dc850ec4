/** Shows `status` to a person: the identity, then tables of settings, requests and sessions. */
import { write, type Io } from "../../io.ts";
import { grantColumns, type GrantRow } from "../jit/grantColumns.ts";
import { report } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { sessionColumns } from "../sessions/columns.ts";
import type { SettingName } from "../../settings/settingValues.ts";
import type { ShownSetting, Status } from "./collectStatus.ts";

export async function showStatus(
  { identity, profile, settings, requests, sessions }: Omit<Status, "filled" | "problems">,
  { local }: { readonly local: boolean },
  io: Io,
): Promise<void> {
  const tenant = typeof identity?.tenantId === "string" ? `, tenant ${identity.tenantId}` : "";
  const who = identity === null ? "Not signed in." : `Signed in as ${identity.shownName}${tenant}.`;
  const where = profile === null ? "No profile in use." : `Profile in use: ${profile}.`;
  await write(io.stdout, `${visible(who)}\n${visible(where)}\n\n`);
  const table = <Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string) =>
    report(io, { local }, { rows, columns, json: {}, empty });
  await table(settings, settingColumns, "No deployment is known.");
  if (requests !== null) {
    await write(io.stdout, "\nYour requests\n");
    await table(requests, requestColumns, "None.");
  }
  if (sessions !== null) {
    await write(io.stdout, "\nConnected now\n");
    await table(sessions, sessionColumns, "Nobody.");
  }
}

const titles: Readonly<Partial<Record<SettingName, string>>> = {
  subscriptionId: "subscription",
  tenantId: "tenant",
  bastionHostId: "Bastion host",
  archive: "archive",
  workspaceCustomerId: "workspace",
};

const settingColumns: readonly Column<ShownSetting>[] = [
  { key: "name", title: "SETTING", value: ({ name }) => titles[name] ?? name },
  {
    key: "value",
    value: ({ value }) => value,
    short: ({ value }) => (value.startsWith("/") ? value.split("/").at(-1) : value),
  },
  { key: "from", value: ({ from }) => from },
];

/** Without the requestor, who is always the caller. */
const requestColumns: readonly Column<GrantRow>[] = grantColumns.filter(({ key }) => key !== "requestor");
