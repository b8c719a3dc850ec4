import { badRequest, type ArmError } from "../../armError.ts";

/**
 * Returns the error with which Microsoft.Compute answers most invalid values (azure-docs, virtual-machines,
 * error-messages.md).
 */
export function invalidParameter(target: string, message = `The value of parameter ${target} is invalid.`): ArmError {
  return badRequest("InvalidParameter", message, { target });
}

/** Returns the error for a missing required value. */
export function missingParameter(target: string): ArmError {
  return invalidParameter(target, `Required parameter '${target}' is missing (null).`);
}
