import { badRequest, type ArmError } from "../../armError.ts";
import type { TypeRules } from "../../typeRules.ts";

/** Rules for the name of a resource that its parent has once: `default`. */
export function onlyDefault(what: string): TypeRules["name"] {
  return {
    pattern: /^default$/i,
    code: "InvalidResourceName",
    message: (name) => `The ${what} name must be 'default', not '${name}'.`,
  };
}

/** Returns the storage provider's error for parameters whose values are not allowed. */
export function invalidValues(parameters: string): ArmError {
  return badRequest("InvalidValuesForRequestParameters", `Values for request parameters are invalid: ${parameters}.`);
}
