/** The stack's config as one typed object, or one error that lists all its problems. */
import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { type Problem, refuse } from "@bastion-trail/components/shared/validate";
import { keys, type Values } from "./keys.ts";
import { settingProblems } from "./problems.ts";
import { keyOf, type Path, repaired, restsOnStandIn } from "./repair.ts";
import { settingsOf, type TrailConfig } from "./settings.ts";
import { decoded } from "./values.ts";

export type { TrailConfig } from "./settings.ts";

/**
 * Reads the config of the current stack. Nothing is registered before it returns.
 * @throws ValidationError that lists every problem: key, value, what is allowed.
 */
export function loadConfig(): TrailConfig {
  const namespace = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  const raw = Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), value]));
  return parseConfig(raw, { project: pulumi.getProject(), stack: pulumi.getStack() }, (key) =>
    isConfigSecret(`${namespace}${key}`),
  );
}

/** Of Pulumi's SDK, which leaves it out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * Turns the raw values of the keys into the typed config.
 * @param raw - key without namespace to value, as the engine gives it: text, with lists and objects as JSON.
 * @param names - of the project, whose name is the keys' namespace, and of the stack.
 * @param isSecret - whether a key has a secret value, which no message may repeat.
 * @throws ValidationError that lists every problem.
 */
export function parseConfig(
  raw: Readonly<Record<string, string>>,
  { project, stack }: { readonly project: string; readonly stack: string },
  isSecret: (key: string) => boolean = () => false,
): TrailConfig {
  const { values, malformed } = readValues(raw);
  const config = settingsOf(values, `${project}-${stack}`.toLowerCase());
  const places = malformed.map(({ path }) => path);
  const contradictions = settingProblems(config).filter(({ key }) => !restsOnStandIn(key, places));
  refuse(
    `The config of stack ${stack}`,
    [...malformed, ...contradictions].map(({ key, value, reason }) => ({
      key: `${project}:${key}`,
      value: isSecret(/^\w*/.exec(key)?.[0] ?? key) ? "[secret]" : value,
      reason,
    })),
  );
  return config;
}

type Malformed = Problem & { readonly path: Path };

/** The values of all keys, with stand-ins for those that are malformed. */
function readValues(raw: Readonly<Record<string, string>>): { values: Values; malformed: readonly Malformed[] } {
  const config = decoded(raw);
  const result = v.safeParse(keys, config);
  if (result.success) return { values: result.output, malformed: [] };
  const malformed = result.issues.map((issue): Malformed => {
    // Every path leads through objects by name and through lists by index.
    const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
    return { path, key: keyOf(path), value: issue.input, reason: issue.message };
  });
  return {
    values: v.parse(
      keys,
      repaired(
        config,
        malformed.map(({ path }) => path),
      ),
    ),
    malformed,
  };
}
