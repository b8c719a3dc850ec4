import * as pulumi from "@pulumi/pulumi";

/**
 * Returns the values of the project's own config keys, by key without namespace, as the engine passes them: strings.
 */
export function ownConfig(): Record<string, string> {
  const namespace = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), value]));
}
