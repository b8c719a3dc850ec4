import type { ServerResponse } from "node:http";
import { randomUUID } from "node:crypto";
import { ArmError } from "../arm/armError.ts";
import type { Clock } from "../clock.ts";
import type { ResourceReader } from "../arm/resource.ts";
import { admits, immutabilityOf, type StorageAccountView } from "./accounts.ts";
import type { BlobRequest } from "./blobRequest.ts";
import { blobNeed, type MayOnBlobs } from "./dataRights.ts";

/** Account that shows the newest storage account's blobs: Azurite's well-known name. */
export const observerAccount = "devstoreaccount1";

/** A refusal of the blob service, with the message of its REST reference. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Response to a sender without the right. */
const permissionMismatch: Refusal = {
  status: 403,
  code: "AuthorizationPermissionMismatch",
  message: "This request is not authorized to perform this operation using this permission.",
};

/** The state that the checks use. */
export interface BlobState {
  readonly account: StorageAccountView | undefined;
  readonly store: ResourceReader;
  readonly clock: Clock;
  readonly may: MayOnBlobs;
  /** Returns when the blob was created, if it exists. */
  blobCreatedAt(account: string, container: string, blob: string): Promise<Date | undefined>;
}

/**
 * Checks that Azure makes and Azurite does not: key access, firewall, roles, immutability, and that the observer only
 * reads.
 */
export async function refusalOf(request: BlobRequest, state: BlobState): Promise<Refusal | undefined> {
  if (request.account === observerAccount) {
    return ["GET", "HEAD", "OPTIONS"].includes(request.method) ? undefined : permissionMismatch;
  }
  const { account } = state;
  if (account === undefined) {
    return { status: 404, code: "ResourceNotFound", message: "The specified resource does not exist." };
  }
  if (!account.allowSharedKeyAccess && isKeyBased(request)) {
    return {
      status: 403,
      code: "KeyBasedAuthenticationNotPermitted",
      message: "Key based authentication is not permitted on this storage account.",
    };
  }
  if (!admits(account, request.clientAddress)) {
    return {
      status: 403,
      code: "AuthorizationFailure",
      message: "This request is not authorized to perform this operation.",
    };
  }
  const refusal = await senderRefusal(request, account, state);
  return refusal ?? (await immutabilityRefusal(request, account, state));
}

/** Checks the sender of a bearer token, and of no credential at all. */
async function senderRefusal(
  request: BlobRequest,
  account: StorageAccountView,
  state: BlobState,
): Promise<Refusal | undefined> {
  if (isAnonymous(request)) {
    if (account.allowBlobPublicAccess) return undefined;
    // azure-docs, anonymous-read-access-prevent.md; blobfile #139.
    if (request.container !== undefined && ["GET", "HEAD"].includes(request.method)) {
      return {
        status: 409,
        code: "PublicAccessNotPermitted",
        message: "Public access is not permitted on this storage account.",
      };
    }
  } else if (!isBearer(request)) return undefined;
  try {
    const allowed = await state.may(request.authorization ?? "", blobNeed(request, account.id));
    return allowed ? undefined : permissionMismatch;
  } catch (error) {
    if (error instanceof ArmError) return challenge(error);
    throw error;
  }
}

function isAnonymous({ method, authorization, query }: BlobRequest): boolean {
  return authorization === undefined && !query.has("sig") && method !== "OPTIONS";
}

/**
 * Returns Azure's answer to a sender that it does not know (REST reference, "Bearer challenge"; azure-storage-azcopy,
 * "TARGET DEST FAILURE").
 */
function challenge({ code, headers }: ArmError): Refusal {
  const authority = /authorization_uri="([^"]*)"/.exec(headers["WWW-Authenticate"] ?? "")?.[1] ?? "";
  return {
    status: 401,
    code: code === "AuthenticationFailed" ? "NoAuthenticationInformation" : "InvalidAuthenticationInfo",
    message:
      "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
    headers: {
      "www-authenticate": `Bearer authorization_uri=${authority}/oauth2/authorize resource_id=https://storage.azure.com`,
    },
  };
}

function isBearer({ authorization }: BlobRequest): boolean {
  return authorization?.toLowerCase().startsWith("bearer ") === true;
}

/** Account SAS and service SAS are signed with the account key; a user delegation SAS has `skoid`. */
function isKeyBased(request: BlobRequest): boolean {
  const scheme = request.authorization?.split(" ")[0]?.toLowerCase();
  const keySas = request.query.has("sig") && !request.query.has("skoid");
  return scheme === "sharedkey" || scheme === "sharedkeylite" || keySas;
}

async function immutabilityRefusal(
  { method, container, blob, query }: BlobRequest,
  account: StorageAccountView,
  state: BlobState,
): Promise<Refusal | undefined> {
  if (container === undefined || ["GET", "HEAD", "OPTIONS"].includes(method)) return undefined;
  const policy = immutabilityOf(state.store, account.id, container);
  if (policy === undefined) return undefined;
  if (blob === undefined) {
    // The data plane has refused it since 2018; only ARM deletes such a container (azure-cli #7569, azure-powershell
    // #26148).
    return method === "DELETE" && query.get("restype") === "container"
      ? {
          status: 409,
          code: "ContainerImmutabilityPolicyLocked",
          message: "The requested operation is not allowed as the container has a locked immutability policy.",
        }
      : undefined;
  }
  const createdAt = await state.blobCreatedAt(account.name, container, blob);
  if (createdAt === undefined || isAllowedOnProtectedBlob(method, query, policy.protectedAppend)) return undefined;
  const until = createdAt.getTime() + policy.days * 86_400_000;
  // After its period a blob can be deleted, but never overwritten (azure-docs,
  // immutable-time-based-retention-policy-overview).
  if (method === "DELETE" && state.clock.now().getTime() >= until) return undefined;
  return {
    status: 409,
    code: "BlobImmutableDueToPolicy",
    message: "This operation is not permitted as the blob is immutable due to a policy.",
  };
}

function isAllowedOnProtectedBlob(method: string, query: URLSearchParams, protectedAppend: boolean): boolean {
  const operation = query.get("comp");
  if (method === "PUT" && operation === "appendblock") return protectedAppend;
  // Leases, tiers, tags and uncommitted blocks do not change the content.
  return method === "PUT" && ["lease", "tier", "tags", "block"].includes(operation ?? "");
}

export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const requestId = randomUUID();
  response.writeHead(refusal.status, {
    "content-type": "application/xml",
    "x-ms-error-code": refusal.code,
    "x-ms-request-id": requestId,
    ...refusal.headers,
  });
  response.end(
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${refusal.code}</Code><Message>${refusal.message}\n` +
      `RequestId:${requestId}\nTime:${new Date().toISOString()}</Message></Error>`,
  );
}
