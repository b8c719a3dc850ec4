/**
 * Checks the values of a stack's config. Does not use Pulumi's SDK, so that values can be checked before a stack
 * exists.
 */
import { isTextInQuotes, type Problem, textForm } from "@bastion-trail/components/shared/problem";
import * as v from "valibot";
import { keys, unknownReason, type Values } from "./keys.ts";
import { settingProblems } from "./problems.ts";
import { keyOf, type Path, repaired, restsOnStandIn } from "./repair.ts";
import { settingsOf, type TrailConfig } from "./settings.ts";
import { decoded } from "./values.ts";

export interface StackNames {
  /** Namespace of the keys. */
  readonly project: string;
  readonly stack: string;
}

export interface CheckedConfig {
  /** Valid only if there are no problems. */
  readonly config: TrailConfig;
  /** All problems, by key without namespace. */
  readonly problems: readonly Problem[];
}

/**
 * Returns the typed config of the values, and every problem in them.
 * @param raw - values by key without namespace, as the engine passes them: strings, with lists and objects as JSON.
 */
export function checkConfig(raw: Readonly<Record<string, string>>, { project, stack }: StackNames): CheckedConfig {
  const { values, malformed } = readValues(raw);
  const config = settingsOf(values, `${project}-${stack}`.toLowerCase());
  const places = malformed.map(({ path }) => path);
  const contradictions = settingProblems(config).filter(({ key }) => !restsOnStandIn(key, places));
  return { config, problems: [...malformed, ...contradictions].map(withTypeAdvice) };
}

/** With `--path`, `pulumi config set` takes digits for a number, and quotes on its command line for a part of the text. */
function withTypeAdvice(problem: Problem): Problem {
  return isTextInQuotes(problem.value) && problem.reason === textForm(problem.value)
    ? { ...problem, reason: `${problem.reason}, or set it with --type string` }
    : problem;
}

type Malformed = Problem & { readonly path: Path };

function unknownName(path: Path, value: unknown): Malformed {
  return { path, key: keyOf(path), value, reason: unknownReason(String(path.at(-1)), path.length === 1) };
}

/** Reads the values of all keys, with stand-ins for malformed ones. */
function readValues(raw: Readonly<Record<string, string>>): { values: Values; malformed: readonly Malformed[] } {
  const config = decoded(raw);
  const passedOver = namesPassedOver(config);
  const result = v.safeParse(keys, config);
  if (result.success) return { values: result.output, malformed: passedOver };
  const refused = result.issues.map((issue): Malformed => {
    // Every path consists of property names and list indexes.
    const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
    return issue.type === "never"
      ? unknownName(path, issue.input)
      : { path, key: keyOf(path), value: issue.input, reason: issue.message };
  });
  const malformed = [...refused, ...passedOver];
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

/** Unknown names that valibot drops from an object instead of refusing them (its `_isValidObjectKey`). */
function namesPassedOver(config: Readonly<Record<string, unknown>>): Malformed[] {
  const vms: readonly unknown[] = Array.isArray(config.vms) ? config.vms : [];
  const objects = [{ path: [], object: config }, ...vms.map((object, index) => ({ path: ["vms", index], object }))];
  return objects.flatMap(({ path, object }) =>
    Object.entries(object ?? {})
      .filter(([name]) => ["__proto__", "prototype", "constructor"].includes(name))
      .map(([name, value]) => unknownName([...path, name], value)),
  );
}
