/** `status` */
import { openArm } from "../../armAccess.ts";
import { exitCodes, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { withProgress } from "../../progress.ts";
import { report } from "../../reporters/report.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { exitCodeOfRequests } from "../jit/list.ts";
import { tellLog } from "../sessions/list.ts";
import { tunnelLogFrom } from "../sessions/tunnelLog.ts";
import { collectStatus, type Part, type Problem, type StatusOptions } from "./collectStatus.ts";
import { showStatus } from "./showStatus.ts";

export async function runStatus(
  options: StatusOptions,
  io: Io,
  open: typeof openArm = openArm,
  openLog: typeof tunnelLogFrom = tunnelLogFrom,
): Promise<ExitCode> {
  const status = await withProgress(io, "Reading the settings", (progress) =>
    collectStatus(options, io, progress, open, openLog),
  );
  const { identity, profile, settings, requests, sessions, filled, problems } = status;
  if (options.json) {
    const json = { identity, profile, settings, requests, sessions, problems };
    const members = Object.fromEntries(Object.entries(json).map(([name, value]) => [name, () => value]));
    await report(io, { json: true }, { rows: [], columns: [], json: members, empty: "" });
  } else {
    await showStatus(status, options, io);
  }
  if (filled !== null) {
    await tellLog(io, filled);
  }
  // `tellLog` has told of the log.
  await tellProblems(
    problems.filter(({ part }) => part !== "log"),
    io,
  );
  return problems.length === 0 ? exitCodeOfRequests(requests ?? []) : exitCodes.findings;
}

const partNames: Readonly<Record<Part, string>> = {
  profile: "the profiles",
  settings: "all settings",
  "sign-in": "your requests and the open sessions",
  requests: "your requests",
  sessions: "the open sessions",
  log: "the audit log",
};

/** Reports a cause only once, even if it affects several parts. */
async function tellProblems(problems: readonly Problem[], io: Io): Promise<void> {
  const causes = Map.groupBy(problems, ({ message, nextStep }) => visible(`${message} ${nextStep}`.trim()));
  for (const [cause, of] of causes) {
    await note(io, `warning: could not read ${of.map(({ part }) => partNames[part]).join(", ")}: ${cause}`);
  }
}
