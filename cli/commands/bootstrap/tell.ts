/** Shows the result of a bootstrap: the pipeline's variables, set or still to be set. */
import { exitCodes, UserError, type ExitCode } from "../../errors.ts";
import { note, write } from "../../io.ts";
import { quoted } from "../../shell.ts";
import { protectEnvironment, setVariables } from "./gitHub.ts";
import type { BootstrapOutputs } from "./outputs.ts";
import type { ProjectStackFile } from "./projectStackFile.ts";
import type { Run } from "./run.ts";
import { setCommand, variablesOf, type Variable } from "./variables.ts";

export interface Done {
  readonly outputs: BootstrapOutputs;
  readonly backendUrl: string;
  /** The secrets provider of the state. */
  readonly secretsProvider: string;
  /** Backups of states that were moved from this computer. */
  readonly backups: readonly string[];
  readonly bootstrapFile: string;
  readonly projectFile: ProjectStackFile | undefined;
  /** Number of resources by change. */
  readonly counts: Readonly<Record<string, number>>;
}

interface Setting {
  readonly isSet: boolean;
  /** The steps that failed. */
  readonly problems: readonly string[];
}

export async function tell(run: Run, done: Done): Promise<ExitCode> {
  const { io, options, stack, subscription, config } = run;
  const [repository, environment] = [config("repository"), config("environment")];
  const variables = variablesOf(done.outputs, {
    stack,
    environment,
    secretsProvider: done.secretsProvider,
    isOwn: options.perEnvironment,
  });
  const commands = repository === "" ? [] : variables.map((one) => setCommand(one, repository));
  const { isSet, problems } = options.setVariables
    ? await set(run, variables, repository)
    : { isSet: false, problems: [] };
  if (options.json) {
    const { counts, backendUrl, backups, bootstrapFile, projectFile = null } = done;
    const files = { bootstrap: bootstrapFile, project: projectFile };
    const { subscriptionId } = subscription;
    const document = {
      subscriptionId,
      stack,
      resources: counts,
      backendUrl,
      backups,
      files,
      variables,
      commands,
      isSet,
      problems,
    };
    await write(io.stdout, `${JSON.stringify(document, null, 2)}\n`);
  } else if (!isSet) {
    const lines = repository === "" ? variables.map(({ name, value }) => `${name}=${quoted(value)}`) : commands;
    await write(io.stdout, lines.map((line) => `${line}\n`).join(""));
  }
  await tellFiles(run, done);
  if (isSet) await note(io, `Set ${variables.length} variables of ${repository}.`);
  for (const problem of problems) await note(io, problem);
  return problems.length === 0 ? exitCodes.fine : exitCodes.findings;
}

async function set(run: Run, variables: readonly Variable[], repository: string): Promise<Setting> {
  const { io, config, options } = run;
  const environment = config("environment");
  try {
    const protection = { repository, environment, branch: config("branch"), reviewers: options.reviewers };
    const open = await protectEnvironment(protection, io);
    await setVariables(variables, repository, io);
    const problem = `The environment ${environment} of ${repository} has no required reviewers: ${open ?? ""}. Whoever can push to its branch deploys.`;
    return { isSet: true, problems: open === undefined ? [] : [problem] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { isSet: false, problems: [`${error.message} ${error.nextStep}`] };
  }
}

/** Deploys the project from this computer, into the state and with the key that its pipeline uses. */
export function deployCommand(
  { backendUrl, secretsProvider }: Pick<Done, "backendUrl" | "secretsProvider">,
  stack: string,
): string {
  const select = `pulumi stack select --create --secrets-provider ${quoted(secretsProvider)} ${quoted(stack)}`;
  return `pulumi login ${quoted(backendUrl)} && ${select} && pulumi up`;
}

async function tellFiles({ io, stack }: Run, done: Done): Promise<void> {
  const { backendUrl, backups, bootstrapFile, projectFile } = done;
  await note(io, `State:  ${backendUrl}`);
  for (const backup of backups) await note(io, `Backup: ${backup}`);
  await note(io, `Commit: ${bootstrapFile}`);
  if (projectFile !== undefined && projectFile.change !== "kept") {
    await note(io, `        ${projectFile.file} (${projectFile.change})`);
  }
  if (projectFile !== undefined) await note(io, `Deploy: ${deployCommand(done, stack)}`);
}
