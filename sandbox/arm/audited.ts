import { asArmError, errorBody } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import type { ActivityEvent } from "./activityEvent.ts";
import type { ArmRequest, Plane } from "./plane.ts";
import { statusName } from "./statusNames.ts";

/**
 * Answers a write or an action and writes its events to the activity log: the start with the body of the request, and
 * the end. The end is `Accepted` if a long-running operation follows, whose own end is logged later under the same
 * correlation id.
 */
export async function audited(
  plane: Plane,
  request: ArmRequest,
  operation: { resourceId: string; operationName: string; requestBody?: string },
  answer: () => HttpAnswer | Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const { http, caller } = request;
  const { resourceId, operationName } = operation;
  const record = (part: Pick<ActivityEvent, "eventName" | "status" | "properties">): void => {
    plane.activityLog.record(
      { resourceId, operationName, ...part, caller, correlationId: http.correlationId },
      {
        clientRequestId: http.headers["x-ms-client-request-id"] ?? http.requestId,
        method: http.method,
        uri: `${plane.endpoint}${http.target}`,
      },
    );
  };
  const requestBody: Record<string, string> =
    operation.requestBody === undefined ? {} : { requestbody: operation.requestBody };
  record({ eventName: "BeginRequest", status: "Started", properties: requestBody });
  try {
    const given = await answer();
    const goesOn =
      given.headers?.["Azure-AsyncOperation"] !== undefined ||
      (given.status === 202 && given.headers?.Location !== undefined);
    record({
      eventName: "EndRequest",
      status: goesOn ? "Accepted" : "Succeeded",
      properties: endProperties(operationName, http.requestId, given),
    });
    return given;
  } catch (thrown) {
    const error = asArmError(thrown);
    const statusMessage = JSON.stringify(errorBody(error));
    record({
      eventName: "EndRequest",
      status: "Failed",
      properties: {
        statusCode: statusName(error.status),
        serviceRequestId: http.requestId,
        statusMessage,
      },
    });
    throw thrown;
  }
}

function endProperties(operationName: string, serviceRequestId: string, given: HttpAnswer): Record<string, string> {
  return {
    statusCode: statusName(given.status),
    serviceRequestId,
    // The response of an action may contain a key, which must not appear in the log.
    ...(given.body === undefined || operationName.endsWith("/action")
      ? {}
      : { responseBody: JSON.stringify(given.body) }),
  };
}
