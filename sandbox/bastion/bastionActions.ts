import { textAt, textsAt, type JsonObject } from "../arm/json.ts";
import type { Resource } from "../arm/resource.ts";
import { badRequest } from "../arm/armError.ts";
import type { SessionBook } from "./sessionBook.ts";
import type { BastionActions, Session } from "./sessionModel.ts";

/** Returns the POST actions of a Bastion host (Microsoft.Network REST reference, "Bastion Hosts"). */
export function bastionActions(book: SessionBook, end: (session: Session) => Promise<void>): BastionActions {
  return {
    getActiveSessions: ({ resource, clock }) => ({
      status: 200,
      longRunning: true,
      body: { value: book.open(resource.id).map((session) => activeSession(session, clock.now())) },
    }),
    async disconnectActiveSessions({ resource, body }) {
      const sessionIds = textsAt(body, "sessionIds");
      if (sessionIds.length === 0) {
        throw badRequest("InvalidRequestFormat", "The request needs sessionIds with at least one session id.");
      }
      const value: JsonObject[] = [];
      for (const sessionId of sessionIds) {
        const session = book.open(resource.id).find(({ tunnelId }) => tunnelId === sessionId);
        if (session === undefined) {
          value.push({ sessionId, message: "The session was not found.", state: "NotFound" });
        } else {
          await end(session);
          value.push({ sessionId, message: "The session was disconnected.", state: "Disconnected" });
        }
      }
      return { status: 200, body: { value } };
    },
    async endSessionsOf(resourceId) {
      for (const session of book.open(resourceId)) await end(session);
    },
    setRecordingSasUrl({ resource, store, body }) {
      const sasUrl = textAt(body, "sasUrl");
      if (sasUrl === undefined || !isContainerSas(sasUrl)) {
        throw badRequest(
          "InvalidSasUrl",
          "sasUrl must be the https URL of a blob container with a SAS that allows read, create, write and list (sp=rcwl).",
        );
      }
      store.put({ ...resource, secrets: { ...resource.secrets, recordingSasUrl: sasUrl } });
      return { status: 200 };
    },
  };
}

/** Returns the host's SAS URL, if it has one that has not expired. */
export function recordingSasOf(host: Resource, now: Date): string | undefined {
  const sasUrl = textAt(host.secrets, "recordingSasUrl");
  const expiry = sasUrl === undefined ? null : new URL(sasUrl).searchParams.get("se");
  return expiry !== null && Date.parse(expiry) > now.getTime() ? sasUrl : undefined;
}

/** Permissions that session recording requires (azure-docs, bastion/session-recording.md). */
function isContainerSas(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, searchParams } = new URL(text);
  const permissions = searchParams.get("sp") ?? "";
  return (
    protocol === "https:" &&
    searchParams.has("sig") &&
    searchParams.has("se") &&
    ["r", "c", "w", "l"].every((permission) => permissions.includes(permission))
  );
}

/**
 * Returns a `BastionActiveSession`: no client address, no e-mail. It is not confirmed that `sessionId` is the id of the
 * tunnel.
 */
function activeSession(session: Session, now: Date): JsonObject {
  const [, , subscriptionId = "", , group = "", , , , name = ""] = session.vmId.split("/");
  return {
    sessionId: session.tunnelId,
    startTime: session.startedAt,
    targetSubscriptionId: subscriptionId,
    resourceType: "VM",
    targetHostName: name,
    targetResourceGroup: group,
    userName: session.account,
    targetIpAddress: session.vmIpAddress,
    protocol: session.protocol.toUpperCase(),
    targetResourceId: session.vmId,
    sessionDurationInMins: Math.floor((now.getTime() - Date.parse(session.startedAt)) / 60_000),
  };
}
