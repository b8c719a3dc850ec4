/** `bootstrap` */
import { openArm } from "../../armAccess.ts";
import { together, UserError, type ExitCode } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { requireTerminal } from "../../confirm.ts";
import { deploy } from "./deploy.ts";
import { destroy } from "./destroy.ts";
import { dryRun } from "./dryRun.ts";
import { printPermissions } from "./permissions.ts";
import { openRun, type BootstrapInput, type Run } from "./run.ts";

export async function runBootstrap(options: BootstrapInput, io: Io, open: typeof openArm = openArm): Promise<ExitCode> {
  checkModes(options);
  if (options.printPermissions) return printPermissions(io, options.json);
  together(
    () => {
      checkPassphrase(options, io);
    },
    () => {
      if (!options.dryRun && !options.yes) requireTerminal(io);
    },
  );
  const run = await openRun(options, io, open);
  try {
    return await modeOf(options)(run);
  } finally {
    run.close();
  }
}

function modeOf({ destroy: destroys, dryRun: isDry }: BootstrapInput): (run: Run) => Promise<ExitCode> {
  return destroys ? destroy : isDry ? dryRun : deploy;
}

/** @throws `UserError` if options cannot be combined. */
function checkModes(options: BootstrapInput): void {
  const modes = [
    ...(options.dryRun ? ["--dry-run"] : []),
    ...(options.destroy ? ["--destroy"] : []),
    ...(options.printPermissions ? ["--print-permissions"] : []),
    ...(options.setVariables ? ["--set-variables"] : []),
  ];
  if (modes.length > 1) throw new UserError(`${modes.join(" and ")} cannot be combined.`, "Use one of them.");
  if (options.reviewers.length > 0 && !options.setVariables) {
    throw new UserError("--reviewer has no effect without --set-variables.", "Add it.");
  }
}

/** @throws `UserError` before anything is created, instead of when the state is moved. */
function checkPassphrase({ secretsProvider }: BootstrapInput, { env }: Io): void {
  const isSet = [env.PULUMI_CONFIG_PASSPHRASE, env.PULUMI_CONFIG_PASSPHRASE_FILE].some((value) => value !== undefined);
  if (secretsProvider !== "passphrase" || isSet) return;
  throw new UserError(
    "--secrets-provider passphrase requires a passphrase.",
    "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.",
  );
}
