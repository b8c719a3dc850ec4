/**
 * The program's rules for a stack's config: the keys, and the values that it refuses. The package bundles this module
 * with its imports from the program, because it cannot depend on the program, which brings Pulumi's SDK
 * (tools/packaging/writeInit.ts).
 */
import { VmLogin } from "@bastion-trail/components/jit-virtual-machine/vmLogin";
import { describeProblem } from "@bastion-trail/components/shared/problem";
import { checkConfig } from "@bastion-trail/program/config/check";
import { keyNames, keys } from "@bastion-trail/program/config/keys";

/** The values of a stack's config. A missing key keeps its default. */
export interface StackValues {
  readonly location?: string | undefined;
  readonly namePrefix?: string | undefined;
  readonly bastionSku?: string | undefined;
  readonly defenderPlan?: string | undefined;
  readonly vms?: readonly object[] | undefined;
}

export interface StackNames {
  /** Namespace of the keys. */
  readonly project: string;
  readonly stack: string;
}

export interface ConfigKey {
  readonly name: string;
  /** One or more sentences. */
  readonly meaning: string;
  readonly fallback: unknown;
}

/** Every key, in the order of the documentation. */
export const configKeys: readonly ConfigKey[] = keyNames.map((name) => ({
  name,
  meaning: keys.entries[name].meaning,
  fallback: keys.entries[name].default,
}));

/** A VM with Entra ID login: there is no password or key to hand out. */
export function vmNamed(name: string): object {
  return { name, login: VmLogin.EntraId };
}

export interface ConfigProblem {
  /** The key with the path in its value: `vms[0].name`. */
  readonly key: string;
  /** What is allowed, as a clause. */
  readonly reason: string;
  /** The deployment's own message, without a full stop. */
  readonly sentence: string;
}

/** All problems for which the deployment would refuse the values. */
export function problemsOf(values: StackValues, names: StackNames): readonly ConfigProblem[] {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const raw = Object.fromEntries(
    given.map(([key, value]: [string, unknown]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  return checkConfig(raw, names).problems.map(({ key, value, reason }) => ({
    key,
    reason,
    // The engine would pass the default of Pulumi.yaml, which the user has not written.
    sentence: describeProblem({
      key: `${names.project}:${key}`,
      value: key in keys.entries && !(key in raw) ? undefined : value,
      reason,
    }),
  }));
}
