import type { JsonObject } from "./json.ts";
import type { TypeRules } from "./typeRules.ts";
import { ArmError } from "./armError.ts";
import { resourceGroupOf, nameOf } from "./ids.ts";

/** An error with the single errors that caused it, like Azure's `details`. */
export class DetailedArmError extends ArmError {
  readonly details: readonly JsonObject[];
  constructor(status: number, code: string, message: string, details: readonly JsonObject[]) {
    super(status, code, message);
    this.details = details;
  }
}

/** Azure's error body: `{"error": {"code", "message", "target", "details"}}`. */
export function errorBody(error: ArmError): JsonObject {
  return { error: errorObject(error) };
}

/** Returns the inner part of an error body, which a failed operation shows too. */
export function errorObject(error: ArmError): JsonObject {
  return {
    code: error.code,
    message: error.message,
    ...(error.target === undefined ? {} : { target: error.target }),
    ...(error instanceof DetailedArmError ? { details: [...error.details] } : {}),
  };
}

/** Converts an error that is not Azure's, which is a defect of the sandbox, and keeps its message. */
export function asArmError(error: unknown): ArmError {
  if (error instanceof ArmError) return error;
  return new ArmError(500, "InternalServerError", error instanceof Error ? error.message : String(error));
}

/** Returns Azure's answer to a read of a resource that does not exist. */
export function notFound(rules: TypeRules, id: string): ArmError {
  return rules.notFound?.(id) ?? resourceNotFound(id, rules.type);
}

/**
 * Returns ARM's own answer, which names a child together with its parents:
 * `Microsoft.Network/virtualNetworks/net/subnets/vms`.
 */
export function resourceNotFound(id: string, type: string): ArmError {
  const provider = id.toLowerCase().lastIndexOf("/providers/");
  const name = provider < 0 ? `${type}/${nameOf(id)}` : id.slice(provider + "/providers/".length);
  const group = resourceGroupOf(id);
  const where = group === undefined ? "" : ` under resource group '${group}'`;
  return new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${name}'${where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function resourceGroupNotFound(name: string): ArmError {
  return new ArmError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
}

export function methodNotAllowed(method: string): ArmError {
  return new ArmError(
    405,
    "HttpMethodNotSupported",
    `The requested resource does not support http method '${method}'.`,
  );
}
