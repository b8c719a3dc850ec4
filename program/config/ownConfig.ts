import * as pulumi from "@pulumi/pulumi";
import { hiddenValue, type Problem } from "@bastion-trail/components/shared/problem";
import { argumentOf } from "@bastion-trail/components/shared/validate";
import { similarNames } from "@bastion-trail/core/rules/similarNames";

/**
 * Returns the values of the project's own config keys, by key without namespace, as the engine passes them: strings.
 */
export function ownConfig(): Record<string, string> {
  const namespace = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), value]));
}

/** Exported by Pulumi's SDK, but missing in its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/** Returns whether the value of one of the project's own keys is secret, so that no message may repeat it. */
export function isOwnSecret(key: string): boolean {
  return isConfigSecret(`${pulumi.getProject()}:${key}`);
}

/** Puts the namespace before the keys, and hides the values of secret ones. */
export function inProject(
  problems: readonly Problem[],
  project: string,
  isSecret: (key: string) => boolean,
): Problem[] {
  return problems.map((problem) => ({
    // The name of an unknown key can have any form, such as that of a part of another one.
    ...withoutSecret(problem, isSecret(problem.key) || isSecret(argumentOf(problem.key))),
    key: `${project}:${problem.key}`,
  }));
}

function withoutSecret(problem: Problem, isSecret: boolean): Problem {
  return isSecret ? { ...problem, value: hiddenValue } : problem;
}

/** Namespace of the keys in a clone of this project, and in its docs. */
const namespaceOfClone = "bastion-trail";

/**
 * Returns every key of the project that has another namespace, by the whole key: Pulumi ignores it without a word. It is
 * one of the project's keys, below a misspelling of the project's name, or below the name that the docs use.
 * @param names - the project's keys.
 */
export function strayKeys(names: readonly string[]): Problem[] {
  const project = pulumi.getProject();
  return Object.entries(pulumi.runtime.allConfig()).flatMap(([key, value]) => {
    const [namespace = "", name = ""] = key.split(":");
    const isMeant = namespace === namespaceOfClone || similarNames(namespace, [project]).length > 0;
    const reason = `unknown key (did you mean ${project}:${name}?); the keys of this project start with ${project}:`;
    return namespace !== project && isMeant && names.includes(name)
      ? withoutSecret({ key, value, reason }, isConfigSecret(key))
      : [];
  });
}
