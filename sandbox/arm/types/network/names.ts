import type { TypeRules } from "../../typeRules.ts";

/**
 * Name rule of network resources: start with a letter or digit, end with a letter, digit or underscore (Azure,
 * resource-name-rules.md, Microsoft.Network).
 */
export function networkName(maximum = 80): TypeRules["name"] {
  return {
    pattern: new RegExp(`^[A-Za-z0-9]$|^[A-Za-z0-9][A-Za-z0-9_.-]{0,${maximum - 2}}[A-Za-z0-9_]$`),
    code: "InvalidResourceName",
    message: (name) =>
      `Resource name ${name} is invalid. The name can be up to ${maximum} characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`,
  };
}
