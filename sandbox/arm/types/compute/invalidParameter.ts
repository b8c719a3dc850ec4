import { ArmError } from "../../model.ts";

/** The error that Microsoft.Compute answers to most bad values (azure-docs, virtual-machines, error-messages.md). */
export function invalidParameter(target: string, message = `The value of parameter ${target} is invalid.`): ArmError {
  return new ArmError(400, "InvalidParameter", message, { target });
}

/** The error to a value that has to be there. */
export function missingParameter(target: string): ArmError {
  return invalidParameter(target, `Required parameter '${target}' is missing (null).`);
}
