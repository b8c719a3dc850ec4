import type { Need } from "../arm/access/need.ts";
import { containerId } from "./accounts.ts";
import type { BlobRequest } from "./blobRequest.ts";

/** A right that a request to the blob service needs: an operation on data, or on the container as a resource. */
export interface BlobNeed extends Need {
  readonly data: boolean;
  /** Attributes of the resource that a condition can check. */
  readonly resource: Readonly<Record<string, string>>;
}

/** Whether the sender of a bearer token has a right. @throws ArmError if there is no token, or the token is not valid. */
export type MayOnBlobs = (authorization: string, need: BlobNeed) => Promise<boolean>;

const service = "Microsoft.Storage/storageAccounts/blobServices";
const containers = `${service}/containers`;

/**
 * Returns the right that a request needs (REST reference, "Permissions for calling data operations" of authorization
 * with Entra ID).
 */
export function blobNeed({ method, container, blob, query }: BlobRequest, accountId: string): BlobNeed {
  if (container === undefined) {
    const key = query.get("comp") === "userdelegationkey";
    const action = key ? `${service}/generateUserDelegationKey/action` : `${containers}/read`;
    return { action, scope: accountId, data: false, resource: {} };
  }
  const scope = containerId(accountId, container);
  const resource = { [`${containers}:name`]: container };
  const isRead = ["GET", "HEAD", "OPTIONS"].includes(method);
  const verb = isRead ? "read" : method === "DELETE" ? "delete" : "write";
  const lists = isRead && query.get("comp") === "list";
  if (blob === undefined && !lists) return { action: `${containers}/${verb}`, scope, data: false, resource };
  return { action: `${containers}/blobs/${verb}`, scope, data: true, resource };
}
