import type { JsonObject } from "../arm/json.ts";
import type { Session } from "../bastion/sessionModel.ts";
import type { ResourceLogRecord } from "./logRecords.ts";

const category = "BastionAuditLogs";
const table = "MicrosoftAzureBastionAuditLogs";
const operationName = "Microsoft.Network/BastionHost/connect";

/** User agent of a browser session through the portal. */
const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0";

export type BastionMessage = "Successfully Connected." | "Login Failed";

/**
 * Returns the record of an attempt to connect, in the documented form (azure-docs, "Monitor Azure Bastion", 2024-08).
 */
export function connectRecord(session: Session, message: BastionMessage, location: string): ResourceLogRecord {
  const at = session.startedAt;
  return {
    resourceId: session.bastionHostId,
    category,
    table,
    blobRecord: blobRecord(session, message, location, at, {}),
    row: { ...row(session, message, location, at), SessionStartTime: at },
  };
}

/**
 * Returns the record of a session's end. The table documents `SessionEndTime` and `Duration` (ms, only when the session
 * ended); no sample confirms that the blob has a second record with the same members under `properties`.
 */
export function endRecord(session: Session, location: string): ResourceLogRecord {
  const end = session.endedAt ?? session.endsAt;
  const duration = Date.parse(end) - Date.parse(session.startedAt);
  const message: BastionMessage = "Successfully Connected.";
  return {
    resourceId: session.bastionHostId,
    category,
    table,
    blobRecord: blobRecord(session, message, location, end, {
      sessionStartTime: session.startedAt,
      sessionEndTime: end,
      duration,
    }),
    row: {
      ...row(session, message, location, end),
      SessionStartTime: session.startedAt,
      SessionEndTime: end,
      Duration: duration,
    },
  };
}

function blobRecord(
  session: Session,
  message: BastionMessage,
  location: string,
  time: string,
  more: JsonObject,
): JsonObject {
  const subscriptionId = subscriptionOf(session.bastionHostId);
  return {
    time,
    resourceId: session.bastionHostId.toUpperCase(),
    operationName,
    category,
    level: "Informational",
    location,
    properties: {
      userName: session.account,
      userAgent,
      clientIpAddress: session.clientIpAddress,
      clientPort: session.clientPort,
      protocol: session.protocol,
      targetResourceId: session.vmId.toUpperCase(),
      subscriptionId,
      message,
      resourceType: resourceTypeOf(session),
      targetVMIPAddress: session.vmIpAddress,
      ...(session.user === undefined ? {} : { userEmail: session.user }),
      tunnelId: session.tunnelId,
      ...more,
    },
    FluentdIngestTimestamp: `${time.slice(0, 19)}.0000000Z`,
    Region: location,
    CustomerSubscriptionId: subscriptionId,
  };
}

/**
 * Returns the columns of the table (azure-monitor-ref, tables/microsoftazurebastionauditlogs.md); Azure stores
 * `_ResourceId` in lower case.
 */
function row(session: Session, message: BastionMessage, location: string, time: string): JsonObject {
  return {
    TimeGenerated: time,
    Time: time,
    OperationName: operationName,
    Location: location,
    Message: message,
    Protocol: session.protocol,
    ClientIpAddress: session.clientIpAddress,
    ClientPort: session.clientPort,
    UserName: session.account,
    ...(session.user === undefined ? {} : { UserEmail: session.user }),
    UserAgent: userAgent,
    TargetResourceId: session.vmId.toUpperCase(),
    TargetVMIPAddress: session.vmIpAddress,
    TunnelId: session.tunnelId,
    ResourceType: resourceTypeOf(session),
    SourceSystem: "Azure",
    Type: table,
    _ResourceId: session.bastionHostId.toLowerCase(),
    _SubscriptionId: subscriptionOf(session.bastionHostId),
  };
}

/**
 * The documentation of the table lists VM, VMSS and BSL, the API's name for a shareable link. No sample confirms that a
 * session through a link has BSL and no Entra account.
 */
function resourceTypeOf({ user }: Session): "VM" | "BSL" {
  return user === undefined ? "BSL" : "VM";
}

function subscriptionOf(id: string): string {
  return id.split("/")[2] ?? "";
}
