/** Judges the values of a stack's config. Uses nothing of Pulumi's SDK, so that values can be judged before there is a stack. */
import type { Problem } from "@bastion-trail/components/shared/problem";
import * as v from "valibot";
import { keys, unknownReason, type Values } from "./keys.ts";
import { settingProblems } from "./problems.ts";
import { keyOf, type Path, repaired, restsOnStandIn } from "./repair.ts";
import { settingsOf, type TrailConfig } from "./settings.ts";
import { decoded } from "./values.ts";

export interface StackNames {
  /** The namespace of the keys. */
  readonly project: string;
  readonly stack: string;
}

export interface CheckedConfig {
  /** To be used only where there is no problem. */
  readonly config: TrailConfig;
  /** All of them, by key without namespace. */
  readonly problems: readonly Problem[];
}

/**
 * The config that values make, and all that is wrong with it.
 * @param raw - key without namespace to value, as the engine gives it: text, with lists and objects as JSON.
 */
export function checkConfig(raw: Readonly<Record<string, string>>, { project, stack }: StackNames): CheckedConfig {
  const { values, malformed } = readValues(raw);
  const config = settingsOf(values, `${project}-${stack}`.toLowerCase());
  const places = malformed.map(({ path }) => path);
  const contradictions = settingProblems(config).filter(({ key }) => !restsOnStandIn(key, places));
  return { config, problems: [...malformed, ...contradictions] };
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
    const reason = issue.type === "never" ? unknownReason(String(path.at(-1)), path.length === 1) : issue.message;
    return { path, key: keyOf(path), value: issue.input, reason };
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
