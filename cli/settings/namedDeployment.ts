/** Which deployment the flags or the environment name. */
import { UserError } from "../errors.ts";
import type { Environment } from "../io.ts";
import type { SettingsFlags } from "./settingValues.ts";
import type { OutputsOrigin } from "./stackOutputs.ts";

/** Where the settings of a deployment are: in a file with outputs, in a stack, or in a profile. */
export type NamedDeployment =
  Exclude<OutputsOrigin, { readonly kind: "selected" }> | { readonly kind: "profile"; readonly name: string };

/** The deployment that `--outputs`, `--stack` or `--profile` names. */
export function namedByFlags({ outputs, stack, profile }: SettingsFlags): NamedDeployment | undefined {
  if (outputs !== undefined) return { kind: "file", path: outputs };
  if (stack !== undefined) return { kind: "stack", name: stack };
  return profile === undefined ? undefined : { kind: "profile", name: profile };
}

/** The variables that name a deployment; the first that is set wins. */
const naming: readonly (readonly [variable: string, named: (value: string) => NamedDeployment])[] = [
  ["BASTION_TRAIL_OUTPUTS", (path) => ({ kind: "file", path })],
  ["BASTION_TRAIL_PROFILE", (name) => ({ kind: "profile", name })],
  ["PULUMI_STACK", (name) => ({ kind: "stack", name })],
];

function firstNaming(env: Environment): { readonly variable: string; readonly named: NamedDeployment } | undefined {
  return naming.flatMap(([variable, named]) => {
    const value = env[variable] ?? "";
    return value === "" ? [] : [{ variable, named: named(value) }];
  })[0];
}

/** The variable that makes the CLI use another deployment than the selected profile; `undefined` if there is none. */
export function overridingVariable(env: Environment, selected: string): string | undefined {
  const first = firstNaming(env);
  return first?.named.kind === "profile" && first.named.name === selected ? undefined : first?.variable;
}

/** The deployment that the environment names. */
export function namedByEnvironment(env: Environment): NamedDeployment | undefined {
  return firstNaming(env)?.named;
}

/** @throws `UserError` if several flags name a deployment. */
export function requireOneDeployment({ outputs, stack, profile }: SettingsFlags): void {
  const given = Object.entries({ outputs, stack, profile }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => `--${name}`).join(" and ");
    throw new UserError(`${names} each name a deployment.`, "Use one of them.");
  }
}
