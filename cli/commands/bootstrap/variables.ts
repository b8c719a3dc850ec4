/** The variables of a pipeline, and the commands to set them. */
import { quoted } from "../../shell.ts";
import type { BootstrapOutputs } from "./outputs.ts";

/** One variable of a repository, or of one of its environments. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** Name of the environment; `undefined` for a variable of the repository. */
  readonly environment: string | undefined;
}

/**
 * @param secretsProvider that of the state, which may differ from the program's key.
 * @param isOwn whether all variables belong to the environment. Otherwise those that every job may read belong to the
 *   repository.
 */
export function variablesOf(
  { variables, environmentVariables }: BootstrapOutputs,
  {
    stack,
    environment,
    secretsProvider,
    isOwn,
  }: { stack: string; environment: string; secretsProvider: string; isOwn: boolean },
): Variable[] {
  const ofRepository = { ...variables, PULUMI_SECRETS_PROVIDER: secretsProvider, PULUMI_STACK: stack };
  return [
    ...Object.entries(ofRepository).map(([name, value]) => ({
      name,
      value,
      environment: isOwn ? environment : undefined,
    })),
    ...Object.entries(environmentVariables).map(([name, value]) => ({ name, value, environment })),
  ];
}

/** Arguments for `gh` to set a variable. */
export function setArguments({ name, value, environment }: Variable, repository: string): string[] {
  const place = environment === undefined ? [] : ["--env", environment];
  return ["variable", "set", name, "--repo", repository, ...place, "--body", value];
}

/** The command for a person to type. */
export function setCommand(variable: Variable, repository: string): string {
  return `gh ${setArguments(variable, repository).map(quoted).join(" ")}`;
}
