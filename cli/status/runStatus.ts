/** `status` */
import { openAccess } from "../access.ts";
import { exitCodes, type ExitCode } from "../errors.ts";
import { note, write, type Io } from "../io.ts";
import { grantColumns, type GrantRow } from "../jit/grantColumns.ts";
import { withProgress } from "../progress.ts";
import { report, type Column } from "../reporters/report.ts";
import { visible } from "../reporters/visible.ts";
import { sessionColumns } from "../sessions/columns.ts";
import { tellLog } from "../sessions/list.ts";
import { tunnelLogFrom } from "../sessions/tunnelLog.ts";
import type { SettingName } from "../settingValues.ts";
import {
  collectStatus,
  type Part,
  type Problem,
  type ShownSetting,
  type Status,
  type StatusOptions,
} from "./collectStatus.ts";

export async function runStatus(
  options: StatusOptions,
  io: Io,
  open: typeof openAccess = openAccess,
  openLog: typeof tunnelLogFrom = tunnelLogFrom,
): Promise<ExitCode> {
  const status = await withProgress(io, "Reading the settings", (progress) =>
    collectStatus(options, io, progress, open, openLog),
  );
  const { identity, profile, settings, requests, sessions, filled, problems } = status;
  if (options.json) {
    const json = { identity, profile, settings, requests, sessions, problems };
    const members = Object.fromEntries(Object.entries(json).map(([name, value]) => [name, () => value]));
    await report(io, { json: true, csv: false, local: false }, { rows: [], columns: [], json: members, empty: "" });
  } else {
    await show(status, options, io);
  }
  if (filled !== null) {
    await tellLog(io, filled);
  }
  await tellProblems(problems, io);
  return problems.length === 0 ? exitCodes.fine : exitCodes.findings;
}

const partNames: Readonly<Record<Part, string>> = {
  profile: "the profiles",
  settings: "all settings",
  "sign-in": "your requests and the open sessions",
  requests: "your requests",
  sessions: "the open sessions",
};

/** A cause that keeps several parts from being read is told once. */
async function tellProblems(problems: readonly Problem[], io: Io): Promise<void> {
  const causes = Map.groupBy(problems, ({ message, nextStep }) => visible(`${message} ${nextStep}`.trim()));
  for (const [cause, of] of causes) {
    await note(io, `warning: could not read ${of.map(({ part }) => partNames[part]).join(", ")}: ${cause}`);
  }
}

async function show({ identity, profile, settings, requests, sessions }: Status, options: StatusOptions, io: Io) {
  const tenant = typeof identity?.tenantId === "string" ? `, tenant ${identity.tenantId}` : "";
  const who = identity === null ? "Not signed in." : `Signed in as ${identity.shownName}${tenant}.`;
  const where = profile === null ? "No profile in use." : `Profile in use: ${profile}.`;
  await write(io.stdout, `${visible(who)}\n${visible(where)}\n\n`);
  const format = { json: false, csv: false, local: options.local };
  const table = <Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string) =>
    report(io, format, { rows, columns, json: {}, empty });
  await table(settings, settingColumns, "No deployment is known.");
  if (requests !== null) {
    await write(io.stdout, "\nYour open requests\n");
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
  { key: "name", title: "SETTING", value: ({ name }) => titles[name] ?? name, whole: true },
  {
    key: "value",
    value: ({ value }) => value,
    short: ({ value }) => (value.startsWith("/") ? value.split("/").at(-1) : value),
  },
  { key: "from", value: ({ from }) => from },
];

/** Without who: they are the caller's own. */
const requestColumns: readonly Column<GrantRow>[] = grantColumns.filter(({ key }) => key !== "requestor");
