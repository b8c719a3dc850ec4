/** The stack's config as one typed object, or one error that lists all its problems. */
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "@bastion-trail/components/shared/validate";
import { hiddenValue, type Problem } from "@bastion-trail/components/shared/problem";
import { checkConfig, type StackNames } from "./check.ts";
import { withHub } from "./hub.ts";
import { ownConfig } from "./ownConfig.ts";
import type { TrailConfig } from "./settings.ts";

export type { TrailConfig } from "./settings.ts";

/**
 * Reads the config of the current stack, and the outputs of its hub's stack. Nothing is created before it returns.
 * @throws ValidationError that lists every problem: key, value, what is allowed.
 */
export async function loadConfig(): Promise<TrailConfig> {
  const namespace = `${pulumi.getProject()}:`;
  const hub = await withHub(ownConfig());
  const names = { project: pulumi.getProject(), stack: pulumi.getStack() };
  return parseConfig(hub.raw, names, (key) => isConfigSecret(`${namespace}${key}`), hub.problems);
}

/** Exported by Pulumi's SDK, but missing in its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * Parses the raw values of the keys into the typed config.
 * @param raw - values by key without namespace, as the engine passes them: strings, with lists and objects as JSON.
 * @param isSecret - whether the value of a key is secret, so that no message may repeat it.
 * @param found - problems found earlier, by key without namespace.
 * @throws ValidationError that lists every problem.
 */
export function parseConfig(
  raw: Readonly<Record<string, string>>,
  { project, stack }: StackNames,
  isSecret: (key: string) => boolean = () => false,
  found: readonly Problem[] = [],
): TrailConfig {
  const { config, problems } = checkConfig(raw, { project, stack });
  refuse(
    `The config of stack ${stack}`,
    [...problems, ...found].map(({ key, value, reason }) => ({
      key: `${project}:${key}`,
      value: isSecret(/^\w*/.exec(key)?.[0] ?? key) ? hiddenValue : value,
      reason,
    })),
  );
  return config;
}
