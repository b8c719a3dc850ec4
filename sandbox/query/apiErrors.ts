import type { HttpAnswer } from "../arm/http.ts";
import type { JsonObject } from "../arm/json.ts";
import { ArmError } from "../arm/armError.ts";
import { EngineError, EngineMissing } from "./engine.ts";

/** An error in the form of the query service. */
export class QueryApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly innererror: JsonObject | undefined;
  constructor(status: number, code: string, message: string, innererror?: JsonObject) {
    super(message);
    this.status = status;
    this.code = code;
    this.innererror = innererror;
  }
}

/** Returns Azure's 400 for every problem of a query (azure-monitor-docs, logs/api/errors.md). */
export function badArgument(innererror: JsonObject): QueryApiError {
  return new QueryApiError(400, "BadArgumentError", "The request had some invalid properties", innererror);
}

/** Returns the error for a request body that is not a query (azure-monitor-docs, logs/api/batch-queries.md). */
export function invalidBody(message: string): QueryApiError {
  return badArgument({
    code: "QueryValidationError",
    message: "Failed parsing the query",
    details: [{ code: "InvalidJsonBody", message, target: null }],
  });
}

export function errorAnswer(error: unknown, correlationId: string): HttpAnswer {
  const { status, code, message, innererror } = asQueryApiError(error);
  const inner: JsonObject = innererror === undefined ? {} : { innererror };
  return { status, body: { error: { message, code, correlationId, ...inner } } };
}

function asQueryApiError(error: unknown): QueryApiError {
  if (error instanceof QueryApiError) return error;
  // 501, because no client treats it as a temporary error.
  if (error instanceof EngineMissing) return new QueryApiError(501, "QueryEngineMissing", error.message);
  if (error instanceof EngineError) return ofEngine(error);
  if (error instanceof ArmError) return ofToken(error);
  const message = error instanceof Error ? error.message : String(error);
  return new QueryApiError(500, "UnknownError", message);
}

/** Converts the error of ARM's token check to this service's form (logs/api/batch-queries.md, "Example Errors"). */
function ofToken({ code }: ArmError): QueryApiError {
  return code === "AuthenticationFailed"
    ? new QueryApiError(401, "AuthorizationRequiredError", "Valid authentication was not provided")
    : new QueryApiError(403, "InvalidTokenError", "The provided authentication is not valid for this resource", {
        code: "SignatureVerificationFailed",
        message: "Could not validate the request",
      });
}

/** ClickHouse's error numbers (ErrorCodes.cpp). */
const unknownFunction = 46;
const unknownIdentifier = 47;
const unknownTable = 60;
const syntaxError = 62;
const timeoutExceeded = 159;

/** Converts an engine's error to Kusto's; if only the engine is at fault, the message says so. */
function ofEngine({ code, message }: EngineError): QueryApiError {
  const plain = message.replace(/^Code: \d+\. DB::Exception: /, "").replace(/ In scope [^]*$/, "");
  const name = /[`']([^`']+)[`']/.exec(plain)?.[1] ?? "";
  switch (code) {
    case unknownTable:
      return semantic("SEM0100", `Failed to resolve table or column expression named '${name}'`);
    case unknownIdentifier:
      return semantic("SEM0100", `Failed to resolve column or scalar expression named '${name}'`);
    case unknownFunction:
      return semantic("SEM0260", `Unknown function: '${name}'.`);
    case timeoutExceeded:
      return new QueryApiError(504, "GatewayTimeout", "The query did not finish in the time that it was given.");
    case syntaxError:
      return /is not (?:a )?supported|are not supported|does not take/.test(plain)
        ? notSupported(plain)
        : badArgument({
            code: "SyntaxError",
            message: "A recognition error occurred in the query.",
            innererror: { code: "SYN0002", message: plain },
          });
    case 0:
      return notSupported(plain);
    default:
      return semantic("SEM0000", plain);
  }
}

function notSupported(reason: string): QueryApiError {
  return badArgument({
    code: "NotSupportedInSandbox",
    message: `The sandbox's query engine cannot run this query, which Azure may: ${reason}`,
  });
}

export function semantic(code: string, message: string): QueryApiError {
  return badArgument({ code: "SemanticError", message: "A semantic error occurred.", innererror: { code, message } });
}
