/** The stack's config as one typed object, or one error that lists all its problems. */
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "@bastion-trail/components/shared/problem";
import { refuse } from "@bastion-trail/components/shared/validate";
import { checkConfig, type StackNames } from "./check.ts";
import { withHub } from "./hub.ts";
import { keyNames } from "./keys.ts";
import { inProject, isOwnSecret, ownConfig, strayKeys } from "./ownConfig.ts";
import type { TrailConfig } from "./settings.ts";

export type { TrailConfig } from "./settings.ts";

/**
 * Reads the config of the current stack, and the outputs of its hub's stack. Nothing is created before it returns.
 * @throws ValidationError that lists every problem: key, value, what is allowed.
 */
export async function loadConfig(): Promise<TrailConfig> {
  const hub = await withHub(ownConfig());
  const names = { project: pulumi.getProject(), stack: pulumi.getStack() };
  return parseConfig(hub.raw, names, isOwnSecret, [
    ...inProject(hub.problems, names.project, isOwnSecret),
    ...strayKeys(keyNames),
  ]);
}

/**
 * Parses the raw values of the keys into the typed config.
 * @param raw - values by key without namespace, as the engine passes them: strings, with lists and objects as JSON.
 * @param isSecret - whether the value of a key is secret, so that no message may repeat it.
 * @param found - problems found earlier, by the whole key.
 * @throws ValidationError that lists every problem.
 */
export function parseConfig(
  raw: Readonly<Record<string, string>>,
  { project, stack }: StackNames,
  isSecret: (key: string) => boolean = () => false,
  found: readonly Problem[] = [],
): TrailConfig {
  const { config, problems } = checkConfig(raw, { project, stack });
  refuse(`The config of stack ${stack}`, [...inProject(problems, project, isSecret), ...found]);
  return config;
}

/**
 * Refuses the current stack's config.
 * @param problems - every reason, by key without namespace.
 * @throws ValidationError that lists them, if there is any.
 */
export function refuseConfig(problems: readonly Problem[]): void {
  refuse(`The config of stack ${pulumi.getStack()}`, inProject(problems, pulumi.getProject(), isOwnSecret));
}
