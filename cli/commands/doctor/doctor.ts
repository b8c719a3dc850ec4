/** `doctor` */
import { subscriptionsApiVersion } from "../../azure/apiVersions.ts";
import type { ArmClient } from "../../azure/armClient.ts";
import { principalOf } from "../../azure/caller.ts";
import { isNotFound } from "../../azure/failure.ts";
import { readAccepted, tellExpired, tellUnused } from "../../acceptedFindings.ts";
import { openArm } from "../../armAccess.ts";
import type { Input } from "../../command.ts";
import type { doctorOptions } from "./options.ts";
import { unknownNames } from "../../names/didYouMean.ts";
import { asOne, exitCodes, together, UserError, type ExitCode } from "../../errors.ts";
import { note, write, type Io } from "../../io.ts";
import { withProgress, type Progress } from "../../progress.ts";
import { formatOf, report } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import type { NamedCheck } from "./check.ts";
import { type CheckName, checkNames, loadCheck } from "./checks/index.ts";
import { counted } from "../../counted.ts";
import { bySeverity, counts, type Finding } from "./finding.ts";
import { identityOf } from "./identity.ts";
import { Inventory } from "./inventory.ts";
import { knownBy } from "./known.ts";
import { lastRecordsOf } from "./lastRecords.ts";
import { runCheck, type CheckResult, type RunContext } from "./run.ts";
import { checklistText } from "./show.ts";
import { subjectOf } from "./subject.ts";

export async function runDoctor(
  options: Input<typeof doctorOptions>,
  io: Io,
  open: typeof openArm = openArm,
): Promise<ExitCode> {
  const format = formatOf(options);
  const [chosen, known] = together(
    () => chosenChecks(options.only),
    () => knownBy(options.ignore, readAccepted("doctor", options.accept, io)),
  );
  requireUse(options, chosen);
  const { arm, credential, settings } = await open(options, io);
  const results = await withProgress(io, "Signing in", async (progress) => {
    const identity = identityOf(principalOf(await arm.token()));
    const subject = await subjectOf(settings, options.wholeSubscription);
    await requireSubscription(arm, subject.subscriptionId);
    const { role: roles, maxAge: maxAgeMs, workspaceRecords } = options;
    return runAll(await Promise.all(chosen.map(loadCheck)), progress, {
      inventory: new Inventory(arm, subject),
      options: { roles, maxAgeMs, workspaceRecords },
      lastRecords: lastRecordsOf({ arm, credential, signal: io.signal }),
      identity,
      known,
      signal: io.signal,
    });
  });
  const findings = results.flatMap((result) => result.findings).sort(bySeverity);
  if (format === "table") {
    const { columns, colour } = io;
    await write(io.stdout, checklistText(results, { colour, width: columns, local: options.local }));
  } else {
    await report(io, options, { rows: findings, columns: findingColumns, json: jsonOf(results, findings), empty: "" });
  }
  await tellExpired(io, options.accept, known.accepted);
  if (options.only === undefined) await tellUnused(io, "No finding", options.accept, known.accepted, known.used);
  await note(io, summaryOf(results, findings));
  return findings.filter(counts).some(({ severity }) => severity !== "info") ? exitCodes.findings : exitCodes.fine;
}

const findingColumns: readonly Column<Finding>[] = [
  { key: "code", value: ({ code }) => code },
  { key: "severity", value: ({ severity }) => severity },
  { key: "check", value: ({ check }) => check },
  { key: "resource", value: ({ resource }) => resource },
  { key: "message", value: ({ message }) => message },
  { key: "fix", value: ({ fix }) => fix },
  { key: "accepted", value: ({ accepted }) => accepted?.reason },
  { key: "acceptedOwner", value: ({ accepted }) => accepted?.owner },
  { key: "acceptedUntil", value: ({ accepted }) => accepted?.expires },
];

function jsonOf(results: readonly CheckResult[], findings: readonly Finding[]) {
  return {
    findings: findings.map(({ code, severity, check, resource, message, fix, accepted }) => ({
      code,
      severity,
      check,
      resource,
      message,
      fix,
      accepted,
    })),
    checks: results.map(({ name, status, detail, ignored }) => ({ name, status, detail, ignored })),
  };
}

/**
 * Runs the checks concurrently. Checks share reads through the inventory, which makes each only once. The results are
 * in the order of the checks.
 */
async function runAll(chosen: readonly NamedCheck[], progress: Progress, context: RunContext): Promise<CheckResult[]> {
  let done = 0;
  const tell = () => {
    progress.update(`Checking: ${done} of ${chosen.length} done`);
  };
  tell();
  return Promise.all(
    chosen.map(async (check) => {
      const result = await runCheck(check, context);
      done += 1;
      tell();
      return result;
    }),
  );
}

/**
 * Throws if the subscription does not exist, because every check would report the same. A caller who may not read the
 * subscription may still read its resources.
 */
async function requireSubscription(arm: ArmClient, subscriptionId: string): Promise<void> {
  try {
    await arm.get(`/subscriptions/${subscriptionId}`, subscriptionsApiVersion);
  } catch (error) {
    if (isNotFound(error)) throw error;
  }
}

function chosenChecks(only: string | undefined): readonly CheckName[] {
  const names = only?.split(",").map((name) => name.trim().toLowerCase()) ?? checkNames;
  const unknown = names.filter((name) => !checkNames.some((known) => known === name));
  if (unknown.length > 0) {
    throw new UserError(
      unknownNames("check", unknown, checkNames),
      `--only takes one or more of ${checkNames.join(", ")}.`,
    );
  }
  return checkNames.filter((name) => names.includes(name));
}

/** @throws UserError for options that nothing uses: a pipeline would believe that they were checked. */
function requireUse(options: Input<typeof doctorOptions>, chosen: readonly CheckName[]): void {
  const { role, maxAge, workspaceRecords, wholeSubscription } = options;
  const ofChecks = (
    [
      { flag: "--role", of: "permissions", isGiven: role.length > 0 },
      { flag: "--max-age", of: "records", isGiven: maxAge !== undefined },
      { flag: "--workspace-records", of: "records", isGiven: workspaceRecords },
    ] as const
  ).filter(({ of, isGiven }) => isGiven && !chosen.includes(of));
  const ofDeployment = (["bastion", "archive", "workspace"] as const).filter(
    (name) => wholeSubscription && options[name] !== undefined,
  );
  const problem = asOne([
    ...ofChecks.map(({ flag, of }) => {
      const message = `${flag} has no effect: --only leaves out the check ${of}.`;
      return new UserError(message, `Add ${of} to --only, or leave out ${flag}.`);
    }),
    ...ofDeployment.map(
      (name) =>
        new UserError(
          `--${name} and --whole-subscription cannot be combined.`,
          `Leave out --${name} or --whole-subscription.`,
        ),
    ),
  ]);
  if (problem !== undefined) throw problem;
}

function summaryOf(results: readonly CheckResult[], findings: readonly Finding[]): string {
  const open = findings.filter(counts);
  const of = (severity: string) => open.filter((finding) => finding.severity === severity).length;
  const accepted = findings.length - open.length;
  const ignored = results.reduce((sum, result) => sum + result.ignored, 0);
  const passed = results.filter(({ status }) => status === "passed").length;
  const unknown = results.filter(({ status }) => status === "unknown").length;
  const parts = [
    counted(of("error"), "error"),
    counted(of("warning"), "warning"),
    counted(of("info"), "info"),
    ...(accepted === 0 ? [] : [`${accepted} accepted`]),
    ...(ignored === 0 ? [] : [`${ignored} ignored`]),
    `${passed} of ${counted(results.length, "check")} passed`,
    ...(unknown === 0 ? [] : [`${unknown} not done in full`]),
  ];
  return `${parts.join(", ")}.`;
}
