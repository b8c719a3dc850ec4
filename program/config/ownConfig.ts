import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "@bastion-trail/components/shared/problem";
import { similarNames } from "@bastion-trail/core/rules/similarNames";

/**
 * Returns the values of the project's own config keys, by key without namespace, as the engine passes them: strings.
 */
export function ownConfig(): Record<string, string> {
  const namespace = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), value]));
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
    return namespace !== project && isMeant && names.includes(name)
      ? [
          {
            key,
            value,
            reason: `unknown key (did you mean ${project}:${name}?); the keys of this project start with ${project}:`,
          },
        ]
      : [];
  });
}
