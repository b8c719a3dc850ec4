/** `bootstrap`: deploys the program, moves its state to Azure, and shows what the pipeline needs. */
import { setTimeout as delay } from "node:timers/promises";
import { confirm } from "../../confirm.ts";
import { exitCodes, type ExitCode } from "../../errors.ts";
import { note } from "../../io.ts";
import { withProgress, type Progress } from "../../progress.ts";
import { secretsMembers } from "./deployment.ts";
import { moveState, removeWithBackup } from "./move.ts";
import { readOutputs, type BootstrapOutputs } from "./outputs.ts";
import { azurePlace } from "./places.ts";
import { changesIn, previewed, summaryOf } from "./preview.ts";
import { hintProject } from "./projectStackFile.ts";
import { AccessRefused, PulumiStack, type StackPreview } from "./pulumiStack.ts";
import { fitStackFile, type Run } from "./run.ts";
import { settleInterrupted } from "./settle.ts";
import { saveStackFile, writeStackFile } from "./stackFile.ts";
import { label } from "./subscription.ts";
import { tell, type Done } from "./tell.ts";
import { checkGitHub } from "./gitHub.ts";

/** Longest time until a new role applies, in milliseconds ("Troubleshoot Azure RBAC": up to 10 minutes). */
const roleDelayMs = 600_000;

export async function deploy(run: Run): Promise<ExitCode> {
  const { io, options, located, workspace, config } = run;
  if (options.setVariables) await checkGitHub(config("repository"), io);
  const backups: string[] = [];
  const preview = await withProgress(io, "Previewing the program", async (progress) => {
    // An earlier run was interrupted after its move of the state, before it removed the original.
    if (located.leftOver !== undefined) backups.push(await removeWithBackup(located.leftOver, workspace, io));
    await open(run, progress);
    return previewed(run, located.current);
  });
  if (!(await isAgreed(run, preview))) {
    await note(io, "Nothing was created.");
    return exitCodes.failure;
  }
  const done = await withProgress(io, "Deploying", async (progress) => {
    saveStackFile(run.source, await currentSecrets(run));
    // Deploys even if no resource would change: an interrupted run may have created them all without recording its
    // outputs.
    await located.current.up((line) => {
      progress.update(line.trim());
    });
    const outputs = readOutputs(await located.current.outputs());
    const stack = await inAzure(run, outputs, backups, progress);
    const members = secretsMembers(await stack.export());
    saveStackFile(run.source, members);
    return { outputs, members, url: stack.place.url };
  });
  const { secretsprovider: secretsProvider = "passphrase" } = done.members;
  const { stack, source, program } = run;
  const hint = { stack, bootstrap: program.folder, backendUrl: done.url, secretsProvider };
  const told: Done = {
    outputs: done.outputs,
    backendUrl: done.url,
    secretsProvider,
    backups,
    bootstrapFile: source.file,
    projectFile: hintProject(hint, io),
    counts: preview.counts,
  };
  return tell(run, told);
}

/** Creates or opens the stack, and repairs its state after an interruption. */
async function open(run: Run, progress: Progress): Promise<void> {
  const { located, workspace, source, arm, io } = run;
  const { current } = located;
  if ((await current.resources()) === undefined) {
    writeStackFile(workspace, source, {});
    await current.init();
    return;
  }
  await fitStackFile(run, current);
  const { subscriptionId } = run.subscription;
  await settleInterrupted(current, { arm, subscriptionId, io, progress });
}

/**
 * Returns the secrets members for the user's file. Until the state has moved there are none: this computer's secrets
 * provider is useless elsewhere.
 */
async function currentSecrets({ located }: Run): Promise<ReturnType<typeof secretsMembers>> {
  const { current } = located;
  return current.place.isLocal ? {} : secretsMembers(await current.export());
}

/** Shows what would be changed, and asks for confirmation. */
async function isAgreed(run: Run, preview: StackPreview): Promise<boolean> {
  const { io, options, subscription, caller, located, config } = run;
  const { name, isLocal } = located.current.place;
  const repository = config("repository");
  await note(io, `Subscription: ${label(subscription)}, tenant ${subscription.tenantId}`);
  await note(io, `Signed in as: ${caller}`);
  if (repository !== "")
    await note(io, `Repository:   ${repository}, deployed from its environment ${config("environment")}`);
  await note(io, `State:        on ${name}${isLocal ? ", to be moved into its new backend" : ""}`);
  await note(io, `Resources:    ${summaryOf(preview)}`);
  return options.yes || (changesIn(preview) === 0 && !isLocal) || (await confirm(io, "Deploy this?"));
}

/** Returns the stack in the Azure backend. Moves the state there if necessary. */
async function inAzure(
  run: Run,
  outputs: BootstrapOutputs,
  backups: string[],
  progress: Progress,
): Promise<PulumiStack> {
  const { located, workspace, source, io, options } = run;
  if (!located.current.place.isLocal) return located.current;
  const secretsProvider = options.secretsProvider ?? outputs.secretsProvider;
  const azure = new PulumiStack(workspace, azurePlace(workspace, outputs.backendUrl, secretsProvider), io);
  const end = Date.now() + roleDelayMs;
  for (;;) {
    progress.update("Moving the state");
    try {
      backups.push(await moveState(located.current, azure, { workspace, source, io }));
      return azure;
    } catch (error) {
      // The deployment has only just assigned the role.
      if (!(error instanceof AccessRefused) || Date.now() > end) throw error;
      progress.update("Waiting until the new role on the state counts");
      await delay(10_000, undefined, { signal: io.signal });
    }
  }
}
