import { getClientConfig } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { getClientToken } from "@pulumi/azure-native/authorization/getClientToken.js";
import type { Principal } from "./rights.ts";

/** The identity that runs the program, and its subscription and tenant. */
export interface Caller {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly principal: Principal;
}

export async function readCaller(): Promise<Caller> {
  const { subscriptionId, tenantId, objectId } = await getClientConfig();
  const { token } = await getClientToken();
  return { subscriptionId, tenantId, principal: { name: "caller", id: objectId, type: principalType(token) } };
}

/**
 * Returns the type of the principal: only a token that acts for a person has scopes (access-token-claims-reference.md,
 * claim `scp`).
 */
function principalType(token: string): "ServicePrincipal" | "User" {
  const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  return typeof claims === "object" && claims !== null && "scp" in claims ? "User" : "ServicePrincipal";
}
